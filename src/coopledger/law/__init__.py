"""Law as data: dated, sourced parameters, presets, and who may go beyond whom."""
