"""The audit log: who did what, when and from where, written where it happens, and never changed afterwards."""

from cohesion.audit.recording import record
from cohesion.choices import AuditKind
