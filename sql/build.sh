#!/bin/sh
# build.sh -- print the install script
#
#   build.sh EXTENSION_MODULE ... -- REGISTRY_MODULE ...
#
# The extension modules follow one another in the order given.  Where one of
# them has the line "-- @registry_modules@", the registry modules are put in
# as rows ('name', $quote$text$quote$) of a VALUES list; at "-- @shipped@" what
# shipped.sh makes of the measures in rules/.
set -eu

# the list is quoted by $citycredit_registry_list$: both begin alike
quote='$citycredit_registry$'
reserved='$citycredit_registry'
extension=
while [ $# -gt 0 ] && [ "$1" != "--" ]; do
	extension="$extension $1"
	shift
done
[ $# -gt 0 ] && shift

for module in "$@"; do
	if grep -qF "$reserved" "$module"; then
		echo "$module: contains $reserved, which quotes the registry modules" >&2
		exit 1
	fi
done

registry_rows() {
	separator=
	for module in "$@"; do
		name=$(basename "$module" .sql)
		printf "%s\t('%s', %s\n" "$separator" "$name" "$quote"
		cat "$module"
		printf '%s)' "$quote"
		separator=',
'
	done
	printf '\n'
}

printf '%s\n' '\echo Use "CREATE EXTENSION citycredit" to load this file. \quit'
for module in $extension; do
	echo
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
			'-- @registry_modules@') registry_rows "$@" ;;
			'-- @shipped@') sh "$(dirname "$0")/shipped.sh" "$(dirname "$0")/../rules" ;;
			*) printf '%s\n' "$line" ;;
		esac
	done < "$module"
done
