"""The invented programme of the demonstration: the same for everybody, plausible, and about nobody.

What it says is data, in ``fixtures/demo/``; here is how it is loaded.
"""

from projects.demo.aged import age_framework
from projects.demo.calendar import Calendar
from projects.demo.declared import load_demo_declarations
from projects.demo.loading import load_demo_projects
from projects.demo.past import load_demo_past

__all__ = ["Calendar", "age_framework", "load_demo_declarations", "load_demo_past", "load_demo_projects"]
