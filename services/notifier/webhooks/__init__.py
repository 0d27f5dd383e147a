"""Webhooks by Standard Webhooks 1.0.0: endpoints, signing, where they may go, and the sender with its retries.

Place in the pipeline: `feed` writes deliveries, `sender` sends them; other systems receive.
Trust level: addresses are a customer's words; what leaves the house is ids, codes and links, signed.
Residual risk: a receiver learns which codes a case has.
"""
