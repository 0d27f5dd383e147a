"""The four services of Wetink, one package each.

Place in the pipeline: intake -> ocr -> validator -> notifier, joined by Kafka topics and blobs alone.
No service imports another (a test holds this); what they share lives in the `wetink` package.
"""
