"""The officers' pages of envelopes and of simulations, under /instruction/."""
