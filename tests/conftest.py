"""What all tests share."""

from hypothesis import settings

# A busy machine is no defect: how long an example takes is not what the properties are about.
settings.register_profile("project", deadline=None)
settings.load_profile("project")
