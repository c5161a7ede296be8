#!/bin/sh
set -e
queue=$(ctx node properties queue)
ctx instance runtime-properties address "$address"
ctx instance runtime-properties queue "$queue"
ctx logger info "a runner at $address takes from queue $queue"
