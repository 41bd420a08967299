# SPDX-License-Identifier: GPL-2.0-only
# In the place of start_up and shut_down of tpm2-tools' own test/integration/helpers.sh,
# sourced after it: a fresh TPM in the place PEER_PLACE, and no simulator of theirs.

peer_up() {
	local i

	case $PEER_PLACE in
	raw|rm)
		peer_name=tools-$$-$RANDOM
		peer_node=$(vtpmctl create --policy "$PEER_POLICY" "$peer_name") || return 1
		[ "$PEER_PLACE" = raw ] || peer_node=${peer_node/vtpm/vtpmrm}
		peer_tcti=device:/dev/$peer_node ;;
	swtpm*)
		peer_tcti=swtpm:port=$PEER_PORT
		swtpm socket --tpm2 --tpmstate "dir=$peer_dir" --server "port=$PEER_PORT" \
			--ctrl "type=tcp,port=$((PEER_PORT + 1))" \
			--flags not-need-init,startup-clear </dev/null >"$peer_dir/log" 2>&1 &
		peer_pid=$! ;;
	mssim*)
		peer_tcti=mssim:port=$PEER_PORT
		export VTPM_STATE_CHECK=1
		"$PEER_TOP/build/host/vtpm-mssim" --port "$PEER_PORT" --policy "$PEER_POLICY" \
			</dev/null >"$peer_dir/log" 2>&1 &
		peer_pid=$! ;;
	esac
	for ((i = 0; i < 50; i++)); do
		tpm2_startup -T "$peer_tcti" -c >/dev/null 2>&1 && break
		sleep 0.1
	done
	[[ $PEER_PLACE = *-rm ]] || return 0
	tpm2-abrmd --allow-root --session --dbus-name=com.intel.tss2.Tabrmd.peer \
		--tcti="$peer_tcti" </dev/null >"$peer_dir/abrmd" 2>&1 &
	peer_manager=$!
	peer_tcti=tabrmd:bus_type=session,bus_name=com.intel.tss2.Tabrmd.peer
	for ((i = 0; i < 50; i++)); do
		tpm2_getcap -T "$peer_tcti" properties-fixed >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}

peer_down() {
	local pid

	for pid in $peer_manager $peer_pid; do
		kill "$pid"
		wait "$pid"
	done 2>/dev/null
	[ -z "$peer_name" ] || vtpmctl destroy "$peer_name"
	peer_manager= peer_pid= peer_name=
	[ -z "$peer_dir" ] || rm -rf "$peer_dir"
	peer_dir=
}

start_up() {
	peer_manager= peer_pid= peer_name=
	peer_dir=$(mktemp -d)
	peer_up || exit 1
	export TPM2TOOLS_TCTI=$peer_tcti
	mkdir "$peer_dir/work"
	pushd "$peer_dir/work" >/dev/null
	tpm2_clear || exit 1
}

shut_down() {
	popd >/dev/null 2>&1 || true
	peer_down || true
}

# Scripts that list the NV indices take the list for the one index of theirs. The
# index that says what an instance is (0x01565450) is left out.
tpm2() {
	if [ "$*" = nvreadpublic ]; then
		command tpm2 nvreadpublic | awk '/^0x/ { theirs = $1 != "0x1565450:" } theirs'
	else
		command tpm2 "$@"
	fi
}
