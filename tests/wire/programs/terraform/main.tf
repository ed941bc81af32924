# What people describe around a Batch account, for Terraform's provider for Azure.
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

provider "azurerm" {
  features {}
}

variable "nodes" {
  type    = number
  default = 1
}

variable "stage" {
  type    = string
  default = "test"
}

data "azurerm_client_config" "current" {}

data "azurerm_subscription" "current" {}

resource "azurerm_resource_group" "tour" {
  name     = "terraform"
  location = "westeurope"
  tags     = { made = "by terraform" }
}

resource "azurerm_user_assigned_identity" "tour" {
  name                = "terraform-identity"
  resource_group_name = azurerm_resource_group.tour.name
  location            = azurerm_resource_group.tour.location
}

resource "azurerm_federated_identity_credential" "tour" {
  name                      = "ci-main"
  user_assigned_identity_id = azurerm_user_assigned_identity.tour.id
  audience                  = ["api://AzureADTokenExchange"]
  issuer                    = "https://token.actions.githubusercontent.com"
  subject                   = "repo:contoso/lab:ref:refs/heads/main"
}

resource "azurerm_storage_account" "tour" {
  name                     = "terraformtour"
  resource_group_name      = azurerm_resource_group.tour.name
  location                 = azurerm_resource_group.tour.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
  tags                     = { made = "by terraform" }
}

resource "azurerm_storage_container" "tour" {
  name               = "input"
  storage_account_id = azurerm_storage_account.tour.id
}

resource "azurerm_batch_account" "tour" {
  name                                = "terraformtour"
  resource_group_name                 = azurerm_resource_group.tour.name
  location                            = azurerm_resource_group.tour.location
  pool_allocation_mode                = "BatchService"
  storage_account_id                  = azurerm_storage_account.tour.id
  storage_account_authentication_mode = "StorageKeys"
  allowed_authentication_modes        = ["AAD", "SharedKey", "TaskAuthenticationToken"]

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.tour.id]
  }

  network_profile {
    account_access {
      default_action = "Allow"
    }
  }

  tags = { stage = var.stage }
}

resource "azurerm_batch_account" "own_identity" {
  name                = "terraformown"
  resource_group_name = azurerm_resource_group.tour.name
  location            = azurerm_resource_group.tour.location

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_batch_application" "tour" {
  name                = "solver"
  resource_group_name = azurerm_resource_group.tour.name
  account_name        = azurerm_batch_account.tour.name
  display_name        = "The solver of ${var.stage}"
  allow_updates       = true
}

locals {
  image = {
    publisher = "canonical"
    offer     = "0001-com-ubuntu-server-jammy"
    sku       = "22_04-lts"
    version   = "latest"
  }
}

resource "azurerm_batch_pool" "fixed" {
  name                     = "fixed"
  resource_group_name      = azurerm_resource_group.tour.name
  account_name             = azurerm_batch_account.tour.name
  display_name             = "Fixed"
  vm_size                  = "STANDARD_D2S_V3"
  node_agent_sku_id        = "batch.node.ubuntu 22.04"
  max_tasks_per_node       = 2
  inter_node_communication = "Disabled"
  metadata                 = { owner = "lab" }

  fixed_scale {
    target_dedicated_nodes = var.nodes
    resize_timeout         = "PT10M"
  }

  storage_image_reference {
    publisher = local.image.publisher
    offer     = local.image.offer
    sku       = local.image.sku
    version   = local.image.version
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.tour.id]
  }

  data_disks {
    lun                  = 20
    caching              = "ReadOnly"
    disk_size_gb         = 1
    storage_account_type = "Standard_LRS"
  }

  task_scheduling_policy {
    node_fill_type = "Pack"
  }

  user_accounts {
    name            = "runner"
    password        = "Pw-${data.azurerm_client_config.current.tenant_id}"
    elevation_level = "NonAdmin"
    linux_user_configuration {
      uid = 4000
      gid = 4000
    }
  }

  start_task {
    command_line       = "/bin/sh -c 'echo hello'"
    task_retry_maximum = 1
    wait_for_success   = true

    common_environment_properties = { STAGE = var.stage }

    user_identity {
      auto_user {
        elevation_level = "NonAdmin"
        scope           = "Task"
      }
    }

    resource_file {
      auto_storage_container_name = azurerm_storage_container.tour.name
      file_path                   = "input"
    }
  }
}

resource "azurerm_batch_pool" "auto" {
  name                = "auto"
  resource_group_name = azurerm_resource_group.tour.name
  account_name        = azurerm_batch_account.tour.name
  vm_size             = "STANDARD_A1_V2"
  node_agent_sku_id   = "batch.node.ubuntu 22.04"

  auto_scale {
    evaluation_interval = "PT15M"
    formula             = "$TargetDedicatedNodes=0;"
  }

  storage_image_reference {
    publisher = local.image.publisher
    offer     = local.image.offer
    sku       = local.image.sku
    version   = local.image.version
  }

  network_configuration {
    endpoint_configuration {
      name                = "ssh"
      backend_port        = 22
      protocol            = "TCP"
      frontend_port_range = "49000-49100"

      network_security_group_rules {
        access                = "Deny"
        priority              = 1001
        source_address_prefix = "*"
        source_port_ranges    = ["*"]
      }
    }
  }
}

resource "azurerm_batch_job" "tour" {
  name               = "nightly"
  batch_pool_id      = azurerm_batch_pool.auto.id
  display_name       = "Nightly"
  priority           = 5
  task_retry_maximum = 1

  common_environment_properties = { MODE = "test" }
}

resource "azurerm_role_definition" "tour" {
  name        = "Terraform submitter"
  scope       = data.azurerm_subscription.current.id
  description = "Submits jobs of ${var.stage}."

  permissions {
    actions      = ["Microsoft.Batch/batchAccounts/read"]
    data_actions = ["Microsoft.Batch/batchAccounts/jobs/*"]
  }

  assignable_scopes = [data.azurerm_subscription.current.id]
}

resource "azurerm_role_assignment" "custom" {
  scope              = azurerm_batch_account.tour.id
  role_definition_id = azurerm_role_definition.tour.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.tour.principal_id
}

resource "azurerm_role_assignment" "built_in" {
  scope                = azurerm_storage_account.tour.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.tour.principal_id
  description          = "for the pool"
}

resource "azurerm_management_lock" "tour" {
  name       = "keep"
  scope      = azurerm_storage_account.tour.id
  lock_level = "CanNotDelete"
  notes      = "kept"
  depends_on = [azurerm_role_assignment.built_in, azurerm_storage_container.tour]
}

output "endpoint" {
  value = azurerm_batch_account.tour.account_endpoint
}
