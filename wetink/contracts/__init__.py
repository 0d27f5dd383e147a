"""What the services tell one another, as versioned pydantic models.

`events` travel through Kafka and carry ids and codes only; `reading`, `judgement` and `case_record` travel as
encrypted blobs, for they hold what clients wrote.
"""
