"""Several people, or one who presses twice, on the forms of the site: nothing lost, nothing made twice.

A form is written in one of two ways, and makes what it makes once.

- **Seen** (:mod:`cohesion.together.states`): what an officer changes. The form brings back, sealed, the state that its
  page showed; under the lock of the row, in the transaction that writes, it is compared with the state that is. What
  differs was written by somebody else meanwhile: nothing is written, and the page comes back with what they wrote, what
  was typed, and the state that it now shows. Every screen of the admin is held to it (:mod:`cohesion.together.admin`),
  and so is each page that announces what it is about to do: many projects at once, new codes, a branch that goes, a
  framework put in force, an earlier wording put back, a decision written anew.
- **Merged** (:mod:`cohesion.together.merging`): what is saved while it is typed, by several people on one page: the
  declaration, the report, the grid of the instruction. The form brings back what its fields showed; what each has
  changed alone is kept, and a field that two have changed differently is asked about.
- **Once** (:mod:`cohesion.together.once`): a form that makes something bears a token, which serves once.

What happens once in the life of a row needs none of the three: the row is read again under its lock, and whoever comes
second is told what it has become. For the steps of a project that is one function, ``projects.catalogue.steps.step``;
for moves in the tree, ``axes.guard.lock.locked``; for a file that was brought, ``FileImport.take``.
"""
