"""What is said is judged before it is seen: by signals and rules, on the operator's own machine."""
