"""The papers that the agglomération issues: from models with fields, numbered, kept as they were made, sent."""
