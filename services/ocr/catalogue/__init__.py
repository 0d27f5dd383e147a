"""What blank forms look like: entries learned from blank forms, one per form and edition.

Place in the pipeline: read by `services.ocr.reading`, written by `wetink learn`. Trust level: `model` reads the
firm's own data, `learn` opens a blank form and runs where client files are opened. Residual risk: an entry that
nobody confirmed may name a party wrongly; requirements are the validator's own data.
"""
