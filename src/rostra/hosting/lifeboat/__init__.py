"""The lifeboat: what a second provider shows of this network, and when it is away."""
