/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policy texts, right and wrong, for the host tier and for KUnit: what each of them
 * means, or where it is said to be wrong. Who includes this has included policy.h, and
 * registers policy_fakes.
 */
#ifndef VTPM_POLICY_TEXTS_H
#define VTPM_POLICY_TEXTS_H

/* ---- providers of the test ---- */

static int do_nothing(void *priv __always_unused, u16 alg __always_unused,
		      unsigned int pcr __always_unused, const u8 *m __always_unused,
		      u8 *vpcr __always_unused)
{
	return 0;
}

static const char *const fake_modes[] = { "soft", "hard", NULL };
static const struct vtpm_option_desc fake_options[] = {
	{ "mode", fake_modes }, { "where", NULL },
};

static const struct vtpm_option_desc kinds_options[] = {
	{ .name = "count", .kind = VTPM_OPTION_NUMBER, .min = 2, .max = 2048, .preset = 256 },
	{ .name = "pcrs", .kind = VTPM_OPTION_PCRS, .required = true },
	{ .name = "into", .kind = VTPM_OPTION_NUMBER, .max = 23, .required = true },
};

#define FAKE(n)	.name = (n), .api_version = VTPM_PROVIDER_API, .options = fake_options,	\
		.option_count = ARRAY_SIZE(fake_options), .translate = do_nothing

static const struct vtpm_provider policy_fakes[] = {
	{ FAKE("fake") }, { FAKE("p3") }, { FAKE("p4") }, { FAKE("p5") },
	{ FAKE("p6") }, { FAKE("p7") }, { FAKE("p8") },
	{ .name = "kinds", .api_version = VTPM_PROVIDER_API, .options = kinds_options,
	  .option_count = ARRAY_SIZE(kinds_options), .translate = do_nothing },
};

/* ---- texts that are wrong ---- */

#define X10	"0123456789"
#define X50	"01234567890123456789012345678901234567890123456789"
#define X250	"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"
#define CERT	"provider certificate\n"

/* A text that may have zeros within, and its length. */
#define T(s)	.text = (s), .len = sizeof(s) - 1

struct policy_bad {
	const char *text;
	size_t len;
	u32 line;
	u32 column;
	const char *reason;	/* a part of it */
};

static const struct policy_bad policy_bads[] = {
	/* bytes */
	{ T("\0"), 1, 1, "NUL" },
	{ T("bank sha256\n\0"), 2, 1, "NUL" },
	{ T("bank\0sha256\n"), 1, 5, "NUL" },
	{ T("# \0\n"), 1, 3, "NUL" },
	{ T("bank sha256\r\n"), 1, 12, "carriage return" },
	{ T("bank sha256\v"), 1, 12, "control character 0x0b" },
	{ T("\n\n  \x1b[1m\n"), 3, 3, "control character 0x1b" },
	{ T("name \x7f\n"), 1, 6, "control character 0x7f" },
	{ T("# K\xc3\xb6ln\n"), 1, 4, "byte 0xc3" },
	{ T("\357\273\277bank sha256\n"), 1, 1, "byte 0xef" },
	{ T("bank sha\xff\n"), 1, 9, "byte 0xff" },
	/* long lines */
	{ T("#" X250 "12345\n"), 1, 256, "more than 255 bytes" },
	{ T("bank sha256\n#" X250 "12345"), 2, 256, "more than 255 bytes" },
	{ T("#" X250 X250 "\n"), 1, 256, "more than 255 bytes" },
	/* statements */
	{ T("frobnicate\n"), 1, 1, "\"frobnicate\" is no statement" },
	{ T("\n \tbogus x y\n"), 2, 3, "\"bogus\" is no statement" },
	{ T("Bank sha256\n"), 1, 1, "\"Bank\" is no statement" },
	{ T("bank=sha256\n"), 1, 1, "is no statement" },
	{ T("hide pcr=0\n"), 1, 1, "\"hide\" is no statement" },
	{ T("readpcr=0 provider=hash\n"), 1, 1, "is no statement" },
	{ T(X50 "\n"), 1, 1, "\"" X10 X10 X10 "01\" is no statement" },
	/* name */
	{ T("name\n"), 1, 5, "name is missing" },
	{ T("name   # comment\n"), 1, 17, "name is missing" },
	{ T("name a/b\n"), 1, 6, "a name is 1 to 63" },
	{ T("name " X50 X10 "0123\n"), 1, 6, "a name is 1 to 63" },
	{ T("name a b\n"), 1, 8, "nothing can follow" },
	{ T("name a\nname b\n"), 2, 1, "second \"name\"" },
	{ T("name a\n\n  name a\n"), 3, 3, "second \"name\"" },
	/* provider */
	{ T("provider\n"), 1, 9, "name is missing" },
	{ T("provider # none\n"), 1, 16, "name is missing" },
	{ T("provider nobody\n"), 1, 10, "no provider \"nobody\" is registered" },
	{ T("provider cert\n"), 1, 10, "no provider \"cert\"" },
	{ T("provider certificates\n"), 1, 10, "no provider \"certificates\"" },
	{ T("provider Certificate\n"), 1, 10, "no provider \"Certificate\"" },
	{ T(CERT CERT), 2, 10, "provider \"certificate\" a second time" },
	{ T("provider hash\nprovider hash\n"), 2, 10, "provider \"hash\" a second time" },
	{ T("provider hash mode=x\n"), 1, 15, "provider \"hash\" has no option \"mode\"" },
	{ T("provider certificate x\n"), 1, 22, "\"x\": expected option=value" },
	{ T("provider certificate represent\n"), 1, 22, "expected option=value" },
	{ T("provider certificate =key\n"), 1, 22, "has no option \"\"" },
	{ T("provider certificate represent=\n"), 1, 32, "option \"represent\" cannot be \"\"" },
	{ T("provider certificate represent=keys\n"), 1, 32, "cannot be \"keys\"" },
	{ T("provider certificate represent=key=key\n"), 1, 32, "cannot be \"key=key\"" },
	{ T("provider certificate color=red\n"), 1, 22, "has no option \"color\"" },
	{ T("provider certificate represent=key represent=key\n"), 1, 36,
	  "option \"represent\" a second time" },
	{ T("provider certificate party=\n"), 1, 28, "option \"party\" is 1 to 63" },
	{ T("provider certificate party=a/b\n"), 1, 28, "option \"party\" is 1 to 63" },
	{ T("provider certificate party=" X50 X10 "0123\n"), 1, 28, "option \"party\" is 1 to 63" },
	{ T("provider fake\nprovider p3\nprovider p4\nprovider p5\nprovider p6\nprovider p7\n"
	  "provider p8\n" CERT), 8, 10, "more than 8 providers" },
	/* numbers and lists */
	{ T("provider kinds\n"), 1, 15, "provider \"kinds\" lacks pcrs=" },
	{ T("provider kinds pcrs=1\n"), 1, 22, "provider \"kinds\" lacks into=" },
	{ T("provider kinds into=1 # pcrs=1\n"), 1, 31, "lacks pcrs=" },
	{ T("provider kinds pcrs= into=0\n"), 1, 21, "expected the number of a PCR" },
	{ T("provider kinds pcrs=0-7,24 into=0\n"), 1, 25, "PCRs are 0 to 23" },
	{ T("provider kinds pcrs=0-7,7 into=0\n"), 1, 25, "twice" },
	{ T("provider kinds pcrs=7-0 into=0\n"), 1, 21, "runs backwards" },
	{ T("provider kinds pcrs=0;1 into=0\n"), 1, 22, "expected \",\"" },
	{ T("provider kinds pcrs=1 pcrs=2 into=0\n"), 1, 23, "option \"pcrs\" a second time" },
	{ T("provider kinds pcrs=1 into=24\n"), 1, 28, "\"into\" is a number from 0 to 23" },
	{ T("provider kinds pcrs=1 into=\n"), 1, 28, "is a number from 0 to 23" },
	{ T("provider kinds pcrs=1 into=-1\n"), 1, 28, "is a number from 0 to 23" },
	{ T("provider kinds pcrs=1 into=1x\n"), 1, 28, "is a number from 0 to 23" },
	{ T("provider kinds pcrs=1 into=1 count=1\n"), 1, 36, "from 2 to 2048" },
	{ T("provider kinds pcrs=1 into=1 count=2049\n"), 1, 36, "from 2 to 2048" },
	{ T("provider kinds pcrs=1 into=1 count=4294967298\n"), 1, 36, "from 2 to 2048" },
	{ T("provider kinds pcrs=1 into=1 count=18446744073709551618\n"), 1, 36, "from 2 to 2048" },
	{ T("provider kinds pcrs=1 into=1 count=" X50 X10 "0123\n"), 1, 36, "more than 63 bytes" },
	{ T("provider kinds pcrs=0-" X50 X10 "0123 into=1\n"), 1, 21, "more than 63 bytes" },
	/* host-tpm */
	{ T("host-tpm\n"), 1, 9, "expected required or optional" },
	{ T("host-tpm always\n"), 1, 10, "\"always\": expected required or optional" },
	{ T("host-tpm required now\n"), 1, 19, "nothing can follow" },
	{ T("host-tpm optional\n host-tpm required\n"), 2, 2, "second \"host-tpm\"" },
	/* bank */
	{ T("bank\n"), 1, 5, "bank's name is missing" },
	{ T("bank #sha256\n"), 1, 13, "bank's name is missing" },
	{ T("bank md5\n"), 1, 6, "\"md5\": banks are" },
	{ T("bank SHA256\n"), 1, 6, "\"SHA256\": banks are" },
	{ T("bank sha256,sha1\n"), 1, 6, "banks are" },
	{ T("bank sha2561\n"), 1, 6, "banks are" },
	{ T("bank sha256 sha1 sha256\n"), 1, 18, "\"sha256\" a second time" },
	{ T("bank sha256\nbank sha1\n"), 2, 1, "second \"bank\"" },
	{ T("read pcr=0 provider=hash\nbank sha1\n"), 2, 1, "above all rules" },
	/* version */
	{ T("version\n"), 1, 8, "version is missing" },
	{ T("version # 1\n"), 1, 12, "version is missing" },
	{ T("version 0\n"), 1, 9, "1 to 18 digits and does not begin with 0" },
	{ T("version 01\n"), 1, 9, "does not begin with 0" },
	{ T("version -1\n"), 1, 9, "1 to 18 digits" },
	{ T("version 1.2\n"), 1, 9, "1 to 18 digits" },
	{ T("version one\n"), 1, 9, "1 to 18 digits" },
	{ T("version " X10 "123456789\n"), 1, 9, "1 to 18 digits" },
	{ T("version 1234567890123456789\n"), 1, 9, "1 to 18 digits" },
	{ T("version 18446744073709551617\n"), 1, 9, "1 to 18 digits" },
	{ T("version 1 2\n"), 1, 11, "nothing can follow" },
	{ T("version 1\nversion 2\n"), 2, 1, "second \"version\"" },
	/* update */
	{ T("update\n"), 1, 7, "update never, admin, or signed=PARTY" },
	{ T("update sometimes\n"), 1, 8, "\"sometimes\": update never" },
	{ T("update never admin\n"), 1, 14, "nothing can follow" },
	{ T("update never\nupdate never\n"), 2, 1, "second \"update\"" },
	{ T("update never=1\n"), 1, 8, "\"never\": update never" },
	{ T("update signed\n"), 1, 8, "\"signed\": update never" },
	{ T("update signed=\n"), 1, 15, "a party's name is 1 to 63" },
	{ T("update signed=a/b\n"), 1, 15, "a party's name is 1 to 63" },
	{ T("update signed=it by=me\n"), 1, 18, "\"by\": expected key=DIGEST" },
	{ T("update signed=it key\n"), 1, 18, "\"key\": expected key=DIGEST" },
	{ T("update signed=it key=\n"), 1, 22, "a key's digest has 64 digits" },
	{ T("update signed=it key=00ff\n"), 1, 22, "a key's digest has 64 digits" },
	{ T("update signed=it key=00fF\n"), 1, 25, "of 0-9 a-f" },
	{ T("update signed=it key=" X50 X10 "01230\n"), 1, 22, "a key's digest has 64 digits" },
	{ T("update signed=it key=" X50 X10 "0123 x\n"), 1, 87, "nothing can follow" },
	/* command */
	{ T("command\n"), 1, 8, "command allow or deny NAME" },
	{ T("command NV_Read\n"), 1, 9, "\"NV_Read\": command allow or deny" },
	{ T("command allow\n"), 1, 14, "the command's name is missing" },
	{ T("command deny # all\n"), 1, 19, "the command's name is missing" },
	{ T("command deny NV_Reed\n"), 1, 14, "no command \"NV_Reed\"" },
	{ T("command deny TPM2_NV_Read\n"), 1, 14, "no command \"TPM2_NV_Read\"" },
	{ T("command deny NV_Read Startup\n"), 1, 22, "no TPM can be without \"Startup\"" },
	{ T("command deny getcapability\n"), 1, 14, "no TPM can be without" },
	{ T("command deny NV_Read NV_Read\n"), 1, 22, "\"NV_Read\" a second time" },
	{ T("command deny NV_Read\ncommand deny nv_read\n"), 2, 14, "a second time" },
	{ T("command allow NV_Read NV_Read\n"), 1, 23, "\"NV_Read\" a second time" },
	{ T("command deny NV_Read\ncommand allow Hash\n"), 2, 9, "one of them says it all" },
	{ T("command allow NV_Read\ncommand deny Hash\n"), 2, 9, "one of them says it all" },
	/* algorithm */
	{ T("algorithm\n"), 1, 10, "algorithm allow or deny NAME" },
	{ T("algorithm forbid sha1\n"), 1, 11, "\"forbid\": algorithm allow or deny" },
	{ T("algorithm deny\n"), 1, 15, "the algorithm's name is missing" },
	{ T("algorithm deny md5\n"), 1, 16, "no algorithm \"md5\"" },
	{ T("algorithm deny sha1 rsa512\n"), 1, 21, "no algorithm \"rsa512\"" },
	{ T("algorithm deny sha1 SHA1\n"), 1, 21, "\"SHA1\" a second time" },
	{ T("algorithm deny sha1\nalgorithm allow rsa\n"), 2, 11, "one of them says it all" },
	{ T("\n algorithm allow rsa ecc\nname x\n"), 2, 2, "no hash algorithm is left" },
	{ T("algorithm deny sha1 sha256\nalgorithm deny sha384 sha512\n"), 2, 1,
	  "no hash algorithm is left" },
	/* limit */
	{ T("limit\n"), 1, 6, "limit nv=, objects=" },
	{ T("limit objects\n"), 1, 7, "\"objects\" lacks \"=\"" },
	{ T("limit memory=1\n"), 1, 7, "\"memory\": limit nv=" },
	{ T("limit nv=1 nv=2\n"), 1, 12, "\"nv\" a second time" },
	{ T("limit nv=\n"), 1, 10, "\"nv\" is a number" },
	{ T("limit nv=12k\n"), 1, 12, "\"nv\" is a number" },
	{ T("limit nv=-1\n"), 1, 10, "\"nv\" is a number" },
	{ T("limit nv=131073\n"), 1, 10, "\"nv\" is 0 to 131072" },
	{ T("limit nv=99999999999999999999\n"), 1, 10, "\"nv\" is 0 to 131072" },
	{ T("limit objects=2\n"), 1, 15, "\"objects\" is 3 to 64" },
	{ T("limit objects=65\n"), 1, 15, "\"objects\" is 3 to 64" },
	{ T("limit sessions=1025\n"), 1, 16, "\"sessions\" is 3 to 1024" },
	{ T("limit log=1048577\n"), 1, 11, "\"log\" is 0 to 1048576" },
	{ T("limit ak-uses=0\n"), 1, 15, "\"ak-uses\" is 1 to 1000000" },
	{ T("limit nv=1\nlimit objects=3\n"), 2, 1, "second \"limit\"" },
	/* key, migration, disclose: some of it comes later */
	{ T("key\n"), 1, 4, "key software or host" },
	{ T("key hardware\n"), 1, 5, "\"hardware\": key software or host" },
	{ T("key host\n"), 1, 5, "host keys come with a later version" },
	{ T("key host type=rsa usage=attest\n"), 1, 5, "host keys come with a later version" },
	{ T("key host type=dsa\n"), 1, 15, "\"type\" is one of rsa, ecc" },
	{ T("key software size=1\n"), 1, 14, "\"size\": keys have hierarchy=" },
	{ T("key software type\n"), 1, 14, "\"type\" lacks \"=\"" },
	{ T("key software type=rsa type=ecc\n"), 1, 23, "\"type\" a second time" },
	{ T("key software hierarchy=lockout\n"), 1, 24, "\"hierarchy\" is one of owner" },
	{ T("key software usage=\n"), 1, 20, "\"usage\" is one of sign" },
	{ T("key software template=x\n"), 1, 23, "\"template\" is one of ek, srk, ak" },
	{ T("migration\n"), 1, 10, "migration forbidden, allowed" },
	{ T("migration never\n"), 1, 11, "\"never\": migration forbidden" },
	{ T("migration allowed\n"), 1, 11, "migration comes with a later version" },
	{ T("migration to=approved\n"), 1, 11, "migration comes with a later version" },
	{ T("migration to=\n"), 1, 11, "\"to\": migration forbidden" },
	{ T("migration forbidden now\n"), 1, 21, "nothing can follow" },
	{ T("migration forbidden\nmigration forbidden\n"), 2, 1, "second \"migration\"" },
	{ T("disclose\n"), 1, 9, "disclose nothing, host-quote" },
	{ T("disclose all\n"), 1, 10, "\"all\": disclose nothing" },
	{ T("disclose host-quote\n"), 1, 10, "comes with a later version" },
	{ T("disclose host-log\n"), 1, 10, "comes with a later version" },
	{ T("disclose nothing host-log\n"), 1, 18, "nothing can follow" },
	{ T("disclose nothing\ndisclose nothing\n"), 2, 1, "second \"disclose\"" },
	/* rules: words */
	{ T("read\n"), 1, 5, "lacks pcr=LIST" },
	{ T("read provider=hash\n"), 1, 19, "lacks pcr=LIST" },
	{ T("read pcr=0\n"), 1, 11, "lacks provider=NAME, hide or deny" },
	{ T("read pcr=0 bank=sha256 \t\n"), 1, 25, "lacks provider=NAME, hide or deny" },
	{ T("read pcr=0 provider=hash hide\n"), 1, 26, "one of provider=, hide and deny" },
	{ T("read hide pcr=0 provider=hash\n"), 1, 17, "one of provider=, hide and deny" },
	{ T("read pcr=0 deny hide\n"), 1, 17, "one of provider=, hide and deny" },
	{ T("read pcr=0 deny provider=none\n"), 1, 17, "one of provider=, hide and deny" },
	{ T("read pcr=0 deny deny\n"), 1, 17, "\"deny\" a second time" },
	{ T("read pcr=0 deny=0\n"), 1, 12, "\"deny\" has no value" },
	{ T("deny pcr=0\n"), 1, 1, "\"deny\" is no statement" },
	{ T("read pcr=0 locality\n"), 1, 12, "\"locality\" lacks \"=\"" },
	{ T("read pcr=0 locality=1 locality=2 hide\n"), 1, 23, "\"locality\" a second time" },
	{ T("audit\n"), 1, 6, "lacks pcr=LIST" },
	{ T("event pcr=1\n"), 1, 12, "lacks provider=NAME, hide or deny" },
	{ T("events pcr=1 deny\n"), 1, 1, "\"events\" is no statement" },
	{ T("read pcr=0 provider=hash provider=hash\n"), 1, 26, "\"provider\" a second time" },
	{ T("read pcr=0 pcr=1 hide\n"), 1, 12, "\"pcr\" a second time" },
	{ T("read pcr=0 hide hide\n"), 1, 17, "\"hide\" a second time" },
	{ T("read pcr=0 bank=sha256 bank=sha256 hide\n"), 1, 24, "\"bank\" a second time" },
	{ T("read pcr=0 hide=yes\n"), 1, 12, "\"hide\" has no value" },
	{ T("read pcr provider=hash\n"), 1, 6, "\"pcr\" lacks \"=\"" },
	{ T("read pcr=0 provider\n"), 1, 12, "\"provider\" lacks \"=\"" },
	{ T("read pcr=0 provder=hash\n"), 1, 12, "\"provder\": a rule has" },
	{ T("read pcr=0 refuse\n"), 1, 12, "\"refuse\": a rule has" },
	{ T("read seal pcr=0 hide\n"), 1, 6, "\"seal\": a rule has" },
	/* rules: values */
	{ T("read pcr=0 provider=certificate\n"), 1, 21, "no line \"provider certificate\"" },
	{ T("read pcr=0 provider=certificate\n" CERT), 1, 21, "stands above" },
	{ T("read pcr=0 provider=\n"), 1, 21, "no line \"provider \"" },
	{ T("bank sha256\nread pcr=0 bank=sha1 hide\n"), 2, 17, "bank \"sha1\" is none of" },
	{ T("read pcr=0 bank=md5 hide\n"), 1, 17, "\"md5\": banks are" },
	{ T("read pcr=0 bank= hide\n"), 1, 17, "\"\": banks are" },
	{ T("seal pcr=0 hide\n"), 1, 12, "no hiding from seal" },
	{ T("all pcr=0 hide\n"), 1, 11, "no hiding from seal" },
	{ T("seal hide pcr=0\n"), 1, 6, "no hiding from seal" },
	{ T("audit seal pcr=0 deny\n"), 1, 7, "\"seal\": a rule has" },
	{ T("event pcr=0 provider=hash\n"), 1, 22, "not of a provider" },
	{ T("event provider=hash pcr=0\n"), 1, 16, "not of a provider" },
	{ T(CERT "event pcr=0 provider=certificate\n"), 2, 22, "hide or deny" },
	/* rules: localities */
	{ T("read pcr=0 locality= hide\n"), 1, 21, "expected the number of a locality" },
	{ T("read pcr=0 locality=5 hide\n"), 1, 21, "localities are 0 to 4" },
	{ T("read pcr=0 locality=0-5 hide\n"), 1, 23, "localities are 0 to 4" },
	{ T("read pcr=0 locality=32 hide\n"), 1, 21, "localities are 0 to 4" },
	{ T("read pcr=0 locality=4-3 hide\n"), 1, 21, "range 4-3 runs backwards" },
	{ T("read pcr=0 locality=1,1 hide\n"), 1, 23, "a locality is in the list twice" },
	{ T("read pcr=0 locality=0-4,2 hide\n"), 1, 25, "a locality is in the list twice" },
	{ T("read pcr=0 locality=1;2 hide\n"), 1, 22, "\",\" between localities" },
	{ T("read pcr=0 locality=1, hide\n"), 1, 23, "expected the number of a locality" },
	{ T("read pcr=0 locality=any hide\n"), 1, 21, "expected the number of a locality" },
	{ T("seal pcr=0 locality=4 hide\n"), 1, 23, "no hiding from seal" },
	/* rules: PCRs */
	{ T("read pcr= hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=24 hide\n"), 1, 10, "PCRs are 0 to 23" },
	{ T("read pcr=0,24 hide\n"), 1, 12, "PCRs are 0 to 23" },
	{ T("read pcr=0-24 hide\n"), 1, 12, "PCRs are 0 to 23" },
	{ T("read pcr=99999999999999999999 hide\n"), 1, 10, "PCRs are 0 to 23" },
	{ T("read pcr=4294967296 hide\n"), 1, 10, "PCRs are 0 to 23" },
	{ T("read pcr=-1 hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=7-0 hide\n"), 1, 10, "range 7-0 runs backwards" },
	{ T("read pcr=0,9-8 hide\n"), 1, 12, "range 9-8 runs backwards" },
	{ T("read pcr=0- hide\n"), 1, 12, "expected the number" },
	{ T("read pcr=0, hide\n"), 1, 12, "expected the number" },
	{ T("read pcr=,0 hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=0,,1 hide\n"), 1, 12, "expected the number" },
	{ T("read pcr=0-1-2 hide\n"), 1, 13, "expected \",\"" },
	{ T("read pcr=0x1 hide\n"), 1, 11, "expected \",\"" },
	{ T("read pcr=0;1 hide\n"), 1, 11, "expected \",\"" },
	{ T("read pcr=0,0 hide\n"), 1, 12, "twice" },
	{ T("read pcr=0-7,3 hide\n"), 1, 14, "twice" },
	{ T("read pcr=3,0-7 hide\n"), 1, 12, "twice" },
	{ T("read pcr=all,1 hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=ALL hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=0=1 hide\n"), 1, 11, "expected \",\"" },
	/* rules that nothing is left for */
	{ T("read pcr=0 hide\nread pcr=0 hide\n"), 2, 1, "leave nothing" },
	{ T("read pcr=0 hide\n read pcr=0 provider=hash\n"), 2, 2, "leave nothing" },
	{ T("read pcr=0-7 hide\nread pcr=8-23 hide\nread pcr=4-12 hide\n"), 3, 1,
	  "leave nothing" },
	{ T("all pcr=all provider=hash\nquote pcr=3 hide\n"), 2, 1, "leave nothing" },
	{ T("bank sha1 sha256\nread pcr=0 hide\nread pcr=0 bank=sha1 hide\n"), 3, 1,
	  "leave nothing" },
	{ T("read pcr=0 hide\nread pcr=0 locality=3 deny\n"), 2, 1, "leave nothing" },
	{ T("read pcr=0 locality=0-2 hide\nread pcr=0 locality=3,4 deny\nread pcr=0 hide\n"), 3, 1,
	  "leave nothing" },
	{ T("read pcr=0 locality=all hide\nread pcr=0 deny\n"), 2, 1, "leave nothing" },
	{ T("all pcr=all deny\nevent pcr=3 hide\n"), 2, 1, "leave nothing" },
	{ T("audit pcr=3 hide\naudit pcr=3 deny\n"), 2, 1, "leave nothing" },
};

/* ---- texts that are right ---- */

/**
 * struct policy_good - a text and what one cell of its table is
 * @text: the policy
 * @op: the operation
 * @alg: the bank's name
 * @pcr: the PCR
 * @want: the provider's name, or HIDDEN or DENIED; of an event that happens and is
 *	answered, "hash"
 * @locality: of the command
 */
struct policy_good {
	const char *text;
	enum vtpm_op op;
	const char *alg;
	unsigned int pcr;
	const char *want;
	u8 locality;
};

#define HIDDEN	"(hidden)"
#define DENIED	"(denied)"

/* Is this what the text says? @p: parsed. */
static inline bool policy_good_is(const struct policy_good *g, const struct vtpm_policy *p)
{
	const struct vt_hash_alg *alg = vt_hash_by_name(g->alg, strlen(g->alg));
	u8 cell = vtpm_policy_cells(p, g->locality)->cell[g->op][alg - vt_hash_algs][g->pcr];

	if (!(p->banks & BIT(alg - vt_hash_algs)))
		return false;
	if (!strcmp(g->want, HIDDEN))
		return cell == VTPM_CELL_HIDDEN;
	if (!strcmp(g->want, DENIED))
		return cell == VTPM_CELL_DENIED;
	return cell < p->providers && !strcmp(p->provider[cell]->ops->name, g->want);
}

#define ORDER	CERT "seal pcr=0-7 provider=certificate\nall pcr=4-9 provider=fake\n" \
		"read pcr=all hide\n"

static const struct policy_good policy_goods[] = {
	{ "", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "\n", VTPM_OP_SEAL, "sha256", 23, "hash" },
	{ "# nothing", VTPM_OP_QUOTE, "sha256", 5, "hash" },
	{ "#\n\t # x\n \t\n", VTPM_OP_CERTIFY, "sha256", 5, "hash" },
	{ "#" X250 "1234\n", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "provider hash", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "bank sha1 # only\n", VTPM_OP_READ, "sha1", 0, "hash" },
	{ CERT, VTPM_OP_SEAL, "sha256", 10, "hash" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_SEAL, "sha256", 10, "certificate" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_READ, "sha256", 10, "hash" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_SEAL, "sha256", 9, "hash" },
	{ CERT "\tseal\tprovider=certificate  pcr=8-10,12 #x\n", VTPM_OP_SEAL, "sha256", 9,
	  "certificate" },
	{ CERT "seal pcr=8-10,12 provider=certificate", VTPM_OP_SEAL, "sha256", 11, "hash" },
	{ CERT "seal pcr=8-10,12 provider=certificate", VTPM_OP_SEAL, "sha256", 12,
	  "certificate" },
	{ CERT "seal pcr=5-5 provider=certificate", VTPM_OP_SEAL, "sha256", 5, "certificate" },
	{ CERT "all pcr=all provider=certificate", VTPM_OP_CERTIFY, "sha256", 23, "certificate" },
	{ "read pcr=007 hide", VTPM_OP_READ, "sha256", 7, HIDDEN },
	{ "quote pcr=all hide", VTPM_OP_QUOTE, "sha256", 0, HIDDEN },
	{ "quote pcr=all hide", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "bank sha1 sha256\nread pcr=0 bank=sha1 hide", VTPM_OP_READ, "sha1", 0, HIDDEN },
	{ "bank sha1 sha256\nread pcr=0 bank=sha1 hide", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "bank sha1 sha512\nread pcr=0 hide", VTPM_OP_READ, "sha512", 0, HIDDEN },
	{ "provider fake\n" ORDER, VTPM_OP_SEAL, "sha256", 5, "certificate" },
	{ "provider fake\n" ORDER, VTPM_OP_SEAL, "sha256", 8, "fake" },
	{ "provider fake\n" ORDER, VTPM_OP_READ, "sha256", 5, "fake" },
	{ "provider fake\n" ORDER, VTPM_OP_READ, "sha256", 3, HIDDEN },
	{ "provider fake\n" ORDER, VTPM_OP_QUOTE, "sha256", 3, "hash" },
	{ "read pcr=3 deny", VTPM_OP_READ, "sha256", 3, DENIED },
	{ "read pcr=3 deny", VTPM_OP_READ, "sha256", 4, "hash" },
	{ "read pcr=3 deny", VTPM_OP_SEAL, "sha256", 3, "hash" },
	{ "seal pcr=3 deny", VTPM_OP_SEAL, "sha256", 3, DENIED },
	{ "quote pcr=0-2,4 deny", VTPM_OP_QUOTE, "sha256", 4, DENIED },
	{ "certify pcr=all deny # no creation data", VTPM_OP_CERTIFY, "sha256", 0, DENIED },
	{ "all pcr=5 deny", VTPM_OP_SEAL, "sha256", 5, DENIED },
	{ "all pcr=5 deny", VTPM_OP_EVENT, "sha256", 5, DENIED },
	{ "all pcr=5 deny", VTPM_OP_AUDIT, "sha256", 5, DENIED },
	{ "bank sha1 sha256\nall deny bank=sha1 pcr=5", VTPM_OP_READ, "sha1", 5, DENIED },
	{ "bank sha1 sha256\nall deny bank=sha1 pcr=5", VTPM_OP_READ, "sha256", 5, "hash" },
	{ "event pcr=0-7 deny", VTPM_OP_EVENT, "sha256", 7, DENIED },
	{ "event pcr=0-7 deny", VTPM_OP_EVENT, "sha256", 8, "hash" },
	{ "event pcr=0-7 hide", VTPM_OP_EVENT, "sha256", 7, HIDDEN },
	{ CERT "all pcr=7 provider=certificate\nevent pcr=7 deny", VTPM_OP_EVENT, "sha256", 7,
	  DENIED },
	{ CERT "all pcr=7 provider=certificate\n", VTPM_OP_EVENT, "sha256", 7, "hash" },
	{ CERT "all pcr=7 provider=certificate\n", VTPM_OP_AUDIT, "sha256", 7, "certificate" },
	/* audit goes with read, unless a rule says another thing */
	{ "read pcr=3 hide", VTPM_OP_AUDIT, "sha256", 3, HIDDEN },
	{ "read pcr=3 deny", VTPM_OP_AUDIT, "sha256", 3, DENIED },
	{ CERT "read pcr=3 provider=certificate", VTPM_OP_AUDIT, "sha256", 3, "certificate" },
	{ "read pcr=3 hide\naudit pcr=3 provider=hash", VTPM_OP_AUDIT, "sha256", 3, "hash" },
	{ "audit pcr=3 provider=hash\nread pcr=3 hide", VTPM_OP_AUDIT, "sha256", 3, "hash" },
	{ "audit pcr=3 deny\nread pcr=3 hide", VTPM_OP_READ, "sha256", 3, HIDDEN },
	{ "audit pcr=3 deny", VTPM_OP_READ, "sha256", 3, "hash" },
	/* localities */
	{ "read pcr=3 locality=1 hide", VTPM_OP_READ, "sha256", 3, "hash", 0 },
	{ "read pcr=3 locality=1 hide", VTPM_OP_READ, "sha256", 3, HIDDEN, 1 },
	{ "read pcr=3 locality=1 hide", VTPM_OP_AUDIT, "sha256", 3, HIDDEN, 1 },
	{ "read pcr=3 locality=1 hide", VTPM_OP_AUDIT, "sha256", 3, "hash", 2 },
	{ "read pcr=3 locality=0-2,4 deny", VTPM_OP_READ, "sha256", 3, "hash", 3 },
	{ "read pcr=3 locality=0-2,4 deny", VTPM_OP_READ, "sha256", 3, DENIED, 4 },
	{ "read pcr=3 locality=all deny", VTPM_OP_READ, "sha256", 3, DENIED, 2 },
	{ "read pcr=3 hide\nseal pcr=3 locality=2 deny", VTPM_OP_READ, "sha256", 3, HIDDEN, 4 },
	{ "seal pcr=3 locality=2 deny\nread pcr=3 hide", VTPM_OP_READ, "sha256", 3, HIDDEN, 4 },
	{ CERT "seal pcr=1 locality=3 provider=hash\nseal pcr=all provider=certificate",
	  VTPM_OP_SEAL, "sha256", 1, "hash", 3 },
	{ CERT "seal pcr=1 locality=3 provider=hash\nseal pcr=all provider=certificate",
	  VTPM_OP_SEAL, "sha256", 1, "certificate", 2 },
	{ "name it.x_y-1\nprovider fake where=here mode=hard\ncertify pcr=1 provider=fake\n",
	  VTPM_OP_CERTIFY, "sha256", 1, "fake" },
};

#endif /* VTPM_POLICY_TEXTS_H */
