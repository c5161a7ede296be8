#!/bin/sh
set -e
operation=$(ctx operation name)
ctx logger info "${operation##*.}: done"
