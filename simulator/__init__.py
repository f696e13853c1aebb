"""A phone company on your desk: a REST API, signed webhooks, a TwiML player, phones in a browser.

It is its own program and knows nothing of the hotline. Read in this order: dialect (what Twilio
and Somleng do differently), line and player (a call), texts, faults, company (all of it together),
rest_* (the API a hotline calls), page (what the browser calls), phones (phones without a browser).
"""
