"""The glue: all Twisted and Autobahn code of the client."""
