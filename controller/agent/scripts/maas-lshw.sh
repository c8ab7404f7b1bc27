#!/bin/sh
exec /usr/bin/lshw -xml -quiet
