#!/bin/sh
# Texts and numbers arrive as they are, maps as JSON.
set -e
listen="$(ctx node properties listen.host):$(ctx node properties listen.port.number)"
ctx instance runtime-properties listen "$listen"
ctx instance runtime-properties timeouts "@$timeouts"
ctx logger info "mail comes in at $listen"
ctx logger info "and goes on to $relay_host:$relay_port"
ctx logger info "timeouts are $timeouts"
ctx logger info "first domain is $(ctx node properties domains[0])"
