"""Accounts: who they are, what others see of them, and every verb that changes them."""
