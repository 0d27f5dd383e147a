"""All Kafka code of Wetink: nothing else imports a Kafka client (a test holds this).

Place in the pipeline: between every two services. It makes of "at least once" an effect exactly once:
inbox, effects and outbox commit in one short transaction, ids are deterministic, events are acknowledged only
when their row is safe. Trust level: events are our own but validated on arrival.
Residual risk: a duplicate costs time, never a row.
"""
