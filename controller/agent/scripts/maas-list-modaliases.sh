#!/bin/sh
find /sys/devices -name modalias -exec cat {} + | sort -u
