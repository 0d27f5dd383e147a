"""A printer, pens, paper, scanners, fax machines, copiers and phones, all made up.

Makes pages of forms of which it is known what was signed, dated, ticked and filled, for `benchmarks.reading` and
other measurements. Everything follows from a seed. What is tuned on and what is measured at the end are different
forms, writers, hands and seeds: see `parts`.
"""
