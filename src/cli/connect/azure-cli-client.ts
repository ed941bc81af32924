/** The Azure CLI's own application, a public client that every tenant knows: users sign in through it. */
export const AZURE_CLI_CLIENT_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
