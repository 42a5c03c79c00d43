"""Categories: the kinds of harm, what each is called elsewhere, how soon it is looked at."""
