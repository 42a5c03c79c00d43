"""Certificates by ACME (RFC 8555), proved by DNS: a host has one before the names lead to it."""
