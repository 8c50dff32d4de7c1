"""Who hears of what becomes of a need, a commitment or an agenda? Anybody by Atom, and whoever supports or follows it by mail."""
