using Stillhunt.Ingest;

namespace Stillhunt.Tests.Ingest;

public sealed class AccountsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private const string Header = "account,created,closed,organization,verified,program,entitlement,entitlement_until,payment,payment_issuer,email_domain,email_shape,phone,country,owner_country,referrer,tier,plan,limit,nobody_asked";

    [Fact]
    public void Every_column_is_read_from_CSV_and_blanks_are_unknown()
    {
        var path = _folder.Write("a.csv", "\uFEFF" + Header + "\r\n"
            + "a1,2025-10-25T02:42:23.249094+00:00,1769947200,\"Acme, Inc\",TRUE,none,licence 7,2027-01-01T00:00:00Z,pm_1,visa,mail.test,aaa9,ph_1,SG,DE,ref,2,pro,100,x\r\n"
            + "a2,,,,,,,,,,,,,,,,,,,\r\n");
        var file = AccountsFile.Load(path);
        Assert.Empty(file.Faults);
        Assert.Equal(KeyValuePair.Create("nobody_asked", (string?)null), Assert.Single(file.UnknownColumns));
        var one = file.Records["a1"];
        Assert.Equal((1761360143249, 1769947200000, 1798761600000), (one.CreatedMs, one.ClosedMs, one.EntitlementUntilMs));
        Assert.Equal("Acme, Inc none licence 7 pm_1 visa mail.test aaa9 ph_1 SG DE ref 2 pro 100", string.Join(' ',
            one.Organization, one.Program, one.Entitlement, one.Payment, one.PaymentIssuer, one.EmailDomain, one.EmailShape, one.Phone, one.Country, one.OwnerCountry, one.Referrer, one.Tier, one.Plan, one.Limit));
        Assert.True(one.Verified);
        Assert.Equal(new AccountRecord { Account = "a2" }, file.Records["a2"]);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("NULL")]
    [InlineData("\\N")]
    public void What_databases_write_for_no_value_is_unknown(string none)
    {
        var file = AccountsFile.Load(_folder.Write("a.csv", $"account,created,organization,verified,entitlement,payment\na1,{none},{none},{none},{none},{none}\n"));
        Assert.Empty(file.Faults);
        Assert.Equal(new AccountRecord { Account = "a1" }, file.Records["a1"]);
    }

    [Theory]
    [InlineData("account,entitlement\na1,none\na2,No\na3,FALSE\n")]
    [InlineData("{\"account\":\"a1\",\"entitlement\":false}\n{\"account\":\"a2\",\"entitlement\":\"none\"}\n{\"account\":\"a3\",\"entitlement\":0}\n")]
    public void A_no_is_no_entitlement(string text) => Assert.All(AccountsFile.Load(_folder.Write("a.csv", text)).Records.Values, account => Assert.Null(account.Entitlement));

    [Fact]
    public void An_entitlement_until_a_day_lasts_to_its_end_and_a_sign_up_on_a_day_is_no_time()
    {
        var file = AccountsFile.Load(_folder.Write("a.csv", "account,created,entitlement,entitlement_until\na1,2026-02-01,licence,2026-12-31\n"));
        Assert.Equal(1798761599999, file.Records["a1"].EntitlementUntilMs);
        Assert.Null(file.Records["a1"].CreatedMs);
        Assert.Equal(("created", "time-unreadable"), (Assert.Single(file.Faults).Field, file.Faults[0].Reason));
    }

    [Theory]
    [InlineData("9999-12-31", 253402300799999)]
    [InlineData("9999-12-31T23:59:59+00:00", 253402300799999)]
    [InlineData("2150-06-01T00:00:00Z", 5693414399999)]
    [InlineData("0001-01-01", -62135510400001)]
    public void An_entitlement_may_end_on_any_day_of_the_calendar(string until, long milliseconds)
    {
        var file = AccountsFile.Load(_folder.Write("a.csv", $"account,entitlement,entitlement_until\na1,licence,{until}\n"));
        Assert.Empty(file.Faults);
        Assert.Equal(("licence", milliseconds), (file.Records["a1"].Entitlement, file.Records["a1"].EntitlementUntilMs));
    }

    [Theory]
    [InlineData("account,entitlement,entitlement_until\na0,l,\na1,l,31.12.2026\n")]
    [InlineData("account,entitlement_until,entitlement\na0,,l\na1,2026-02-30,l\n")]
    [InlineData("account,entitlement,entitlement_until\na0,l,\na1,l,2026-12-31T00:00:00\n")]
    [InlineData("{\"account\":\"a0\",\"entitlement\":\"l\",\"entitlement_until\":null}\n\n{\"account\":\"a1\",\"entitlement\":\"l\",\"entitlement_until\":{}}\n")]
    [InlineData("{\"account\":\"a0\",\"entitlement\":\"l\"}\n\n{\"account\":\"a1\",\"entitlement\":\"l\",\"entitlement_until\":253402300799}\n")]
    public void An_entitlement_whose_end_cannot_be_read_is_none(string text)
    {
        var file = AccountsFile.Load(_folder.Write("a.csv", text));
        Assert.Equal((3, "entitlement_until"), ((int)Assert.Single(file.Faults).Line, file.Faults[0].Field));
        Assert.Equal("l", file.Records["a0"].Entitlement);
        Assert.Equal(new AccountRecord { Account = "a1" }, file.Records["a1"]);
    }

    [Theory]
    [InlineData("{\"account\":\"a1\",\"verified\":false,\"tier\":2,\"created\":1769947200,\"extra\":{}}\n{\"account\":7}\n")]
    [InlineData("[\n {\"account\":\"a1\",\"verified\":\"false\",\"tier\":\"2\",\"created\":\"2026-02-01T12:00:00Z\"},\n {\"account\":\"7\"}\n]")]
    public void JSON_lines_and_arrays_are_read_as_well(string text)
    {
        var file = AccountsFile.Load(_folder.Write("a.jsonl.gz", TemporaryFolder.Gzip(text)));
        Assert.Equal(new AccountRecord { Account = "a1", Verified = false, Tier = "2", CreatedMs = 1769947200000 }, file.Records["a1"]);
        Assert.True(file.Records.ContainsKey("7"));
        Assert.Empty(file.Faults); // A column that is not read cannot be of the wrong type.
    }

    [Theory]
    [InlineData("account,organisation,Email Domain,payments,shoe_size\na1,o,m,p,44\n")]
    [InlineData("{\"account\":\"a1\",\"organisation\":\"o\",\"Email Domain\":\"m\",\"payments\":{},\"shoe_size\":44}\n")]
    public void A_misspelt_column_is_told_with_what_it_was_meant_to_be(string text)
    {
        var file = AccountsFile.Load(_folder.Write("a.txt", text));
        Assert.Equal(["organization", "email_domain", "payment", null], file.UnknownColumns.Values);
        Assert.Equal(new AccountRecord { Account = "a1" }, file.Records["a1"]);
    }

    [Fact]
    public void A_quote_that_is_not_closed_costs_its_line_and_no_other()
    {
        var file = AccountsFile.Load(_folder.Write("a.csv", "account,organization,payment\na,b,c\nb,\"open,c\nc,d,e\nd,\"e, f\",g\ne,f,\"g\nh\"\nf,g,h\n"));
        Assert.Equal("a c d e f", string.Join(' ', file.Records.Keys));
        Assert.Equal(("e, f", "g\nh"), (file.Records["d"].Organization, file.Records["e"].Payment));
        Assert.Equal((3, "bad-quoting"), ((int)Assert.Single(file.Faults).Line, file.Faults[0].Reason));

        file = AccountsFile.Load(_folder.Write("b.csv", "account,organization\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"a{i},{(i == 9 ? "\"" : "")}o{i}\n"))));
        Assert.Equal(499, file.Records.Count);
        Assert.Equal((11, "bad-quoting"), ((int)Assert.Single(file.Faults).Line, file.Faults[0].Reason));
    }

    [Fact]
    public void A_row_of_more_fields_than_columns_and_one_that_is_no_text_are_refused()
    {
        var file = AccountsFile.Load(_folder.Write("a.csv", [.. "account,payment\na1,p\na2,Acme, Inc\na3\ncaf"u8, 0xE9, .. ",p\ncaf"u8, 0xE8, .. ",p\na4,he \"said\"\n"u8]));
        Assert.Equal("a1 a3 a4", string.Join(' ', file.Records.Keys));
        Assert.Equal([(3, "field-count"), (5, "invalid-utf-8"), (6, "invalid-utf-8"), (7, "stray-quotes")], file.Faults.Select(fault => ((int)fault.Line, fault.Reason)));
        file = AccountsFile.Load(_folder.Write("b.jsonl", [.. "{\"account\":\"a1\"}\n{\"account\":\"caf"u8, 0xE9, .. "\"}\n"u8]));
        Assert.Equal(((int)file.Faults[0].Line, file.Faults[0].Reason, 1), (2, "invalid-utf-8", file.Records.Count));
    }

    [Fact]
    public void A_header_with_one_column_twice_is_refused()
    {
        var refused = Assert.Throws<IOException>(() => AccountsFile.Load(_folder.Write("a.csv", "account,payment,Payment\na1,p,\n")));
        Assert.Contains("a.csv cannot be read: its header names the column 'payment' 2 times", refused.Message, StringComparison.Ordinal);
        Assert.Single(AccountsFile.Load(_folder.Write("b.csv", "account,payment,,\na1,p,,\n")).Records);
        // Nobody reads notes; and exporters leave separators at the end of a row.
        var spread = AccountsFile.Load(_folder.Write("c.csv", "account,notes,notes\na1,p,q,\na2,p,q,,\n"));
        Assert.Equal((2, 0), (spread.Records.Count, spread.Faults.Count));
    }

    [Fact]
    public void Whatever_cannot_be_read_is_told_with_line_and_field_and_stays_unknown()
    {
        var path = _folder.Write("a.csv", "account;created;verified\na1;2026-02-01T12:00:00;maybe\n;1769947200;true\na1;yesterday;true\n");
        var file = AccountsFile.Load(path);
        Assert.Equal(
            [(2, "created", "time-without-zone"), (2, "verified", "not-true-or-false"), (3, "account", "no-account"), (4, "created", "time-unreadable"), (4, "account", "repeated-account")],
            file.Faults.Select(fault => ((int)fault.Line, fault.Field!, fault.Reason)));
        Assert.Equal(new AccountRecord { Account = "a1", Verified = true }, Assert.Single(file.Records).Value);
        Assert.All(file.Faults, fault => Assert.Equal(path, fault.Path));
    }

    [Fact]
    public void A_file_without_account_column_or_a_missing_one_is_refused_in_a_sentence()
    {
        Assert.Contains("no column named account", Assert.Throws<IOException>(() => AccountsFile.Load(_folder.Write("a.csv", "id,created\n1,2\n"))).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => AccountsFile.Load(_folder.Path + "/none.csv"));
        Assert.Empty(AccountsFile.Load(_folder.Write("empty.csv", "")).Records);
        var file = AccountsFile.Load(_folder.Write("b.jsonl", "{\"account\":\"a\"}\n{\"account\":\n{\"account\":[1]}\n"));
        Assert.Equal(["not-json", "wrong-type", "no-account"], file.Faults.Select(fault => fault.Reason));
        Assert.Single(file.Records);
    }
}
