"""From a built site to its readers: published in one step, in one file without a host, and bagged for a store."""
