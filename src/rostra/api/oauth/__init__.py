"""OAuth 2: tokens for apps. The authorise page is part of the pages."""
