#!/bin/sh
# Operation `configure` of a server. Inputs arrive as environment variables; try
#   -p 'operation_kwargs:={"motd": "welcome"}'
set -e
address="$(ctx instance id):$(ctx node properties port)"
ctx instance runtime-properties address "$address"
ctx logger info "configured to listen on $address${motd:+, saying '$motd'}"
