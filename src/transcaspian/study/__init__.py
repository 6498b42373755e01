"""Use cases, one file each, no arithmetic: the only place that composes the verbs."""
