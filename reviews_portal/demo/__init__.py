"""The demo city: invented people and cases in the example city's real structure, made through the real actions."""
