"""Who somebody is: tokens, sessions, apps, scopes, passwords, second factors."""
