"""The ground floor: settings, addresses, accounts, and the tools that every floor uses."""
