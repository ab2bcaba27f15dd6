"""The invented programme of the demonstration: the same for everybody, plausible, and about nobody.

What it says is data, in ``fixtures/demo/``; here is how it is loaded.
"""

from projects.demo.aged import age_framework, reword_draft
from projects.demo.beside import load_demo_beside
from projects.demo.calendar import Calendar
from projects.demo.declared import load_demo_declarations
from projects.demo.granted import load_demo_grants, publish_demo_grants
from projects.demo.issued import load_demo_papers
from projects.demo.loading import load_demo_projects
from projects.demo.past import load_demo_past
from projects.demo.programming import load_demo_programming
from projects.demo.programs import load_demo_programs
