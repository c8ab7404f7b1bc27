#!/bin/sh
# The token of this boot is no fact about the machine.
sed 's/\(metaldesk\.token=\)[^ ]*/\1-/' /proc/cmdline
