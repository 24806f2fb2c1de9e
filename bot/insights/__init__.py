"""Insights: whole weeks summed up under the floor of 5, and the charts that are made of them."""
