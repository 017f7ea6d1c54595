"""Texts become a corpus, rules read it, and their problems become diagnostics."""

from techstock.engine.diagnose import Plan, RuleError, diagnose

__all__ = ["Plan", "RuleError", "diagnose"]
