"""By which name preparers find the resource group."""
RESOURCE_GROUP_PARAM = "resource_group"
