"""A made-up organisation to try Samlas in: Lindvalla, which makes furniture. The same people and habits each time."""
