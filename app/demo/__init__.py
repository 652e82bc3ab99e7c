"""The demonstration: pretended services in the lab, watched by the real program, with 90 days behind them."""
