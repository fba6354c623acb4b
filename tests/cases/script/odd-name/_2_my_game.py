SAID = "the module of that name"
