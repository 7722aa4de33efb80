"""Beancount text and objects, turned into plain co-operative data and back."""
