"""How the models that Wetink ships were trained; nothing here is shipped."""
