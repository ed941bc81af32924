"""Debian's az 2.45 reads an attribute that its azure-mgmt-authorization 3.0.0 renamed, and so fails before it sends anything.
This gives the attribute back, and changes nothing else. Put this folder on PYTHONPATH."""
from azure.mgmt.authorization.v2018_01_01_preview.operations import RoleDefinitionsOperations
from azure.mgmt.authorization.v2020_04_01_preview.operations import RoleAssignmentsOperations

for operations in (RoleDefinitionsOperations, RoleAssignmentsOperations):
    operations.config = property(lambda self: self._config)
