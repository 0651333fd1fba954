using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Formats;
using Stillhunt.Sharing.Stix;
using static Stillhunt.Tests.Sharing.ExportSample;

namespace Stillhunt.Tests.Sharing;

public sealed class PrivacyTests(PlantedTraffic traffic)
{
    [Fact]
    public void The_plants_are_in_the_result_that_is_exported()
    {
        var campaign = Assert.Single(traffic.Result.Campaigns);
        Assert.Contains(campaign.Accounts, account => account.Id.StartsWith("zyxwvut-", StringComparison.Ordinal));
        Assert.Contains(campaign.Families, family => family.Skeleton.Contains("Zyxwvut", StringComparison.Ordinal));
        Assert.Contains(campaign.Families, family => family.Skeleton.Contains("深度求索", StringComparison.Ordinal));
        // Each of its characters is as common as a word must be; what they make in a row is not.
        Assert.All("深度求索", character => Assert.InRange(campaign.Indicators!.Words[character.ToString()], ShareProfile.Partner.LeastOwners, 64));
        Assert.Contains(campaign.Indicators!.Values, value => value.Value == PlantedTraffic.Client);
        Assert.Contains(campaign.Indicators.Values, value => value.Value == "zyxwvut-holdings.example");
        Assert.Contains("zyxwvut", Text(ShareProfile.Internal), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("partner")]
    [InlineData("public")]
    public void No_company_secret_or_person_can_be_read_in_an_export(string profile)
    {
        var text = Text(ShareProfile.Find(profile)!);
        PlantedTraffic.AssertNoneIn(text);
        Assert.All(traffic.Result.Campaigns.SelectMany(campaign => campaign.Accounts), account => Assert.DoesNotContain(account.Id, text, StringComparison.Ordinal));
        Assert.All(traffic.Result.Campaigns.SelectMany(campaign => campaign.Evidence).SelectMany(row => row.Examples), example => Assert.DoesNotContain(example, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("partner")]
    [InlineData("public")]
    [InlineData("provider")]
    public void Nor_can_they_in_any_other_form_of_it(string profile)
    {
        // The provider whose own accounts it tells is another one.
        var bundle = Export(traffic.Result, Request(profile == "provider" ? ShareProfile.ForProvider("somebody-else") : ShareProfile.Find(profile)));
        using var table = new StringWriter();
        IndicatorCsv.Write(table, bundle);
        var readable = new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        string[] forms = [bundle.ToJsonString(readable), table.ToString(), MispEvent.Write(bundle, "Example Lab", Now).ToJsonString(readable), DecisionList.Write(bundle, Now).ToJsonString(readable)];
        foreach (var text in forms)
        {
            PlantedTraffic.AssertNoneIn(text);
            Assert.All(traffic.Result.Campaigns.SelectMany(campaign => campaign.Accounts), account => Assert.DoesNotContain(account.Id, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_id_confirms_a_guess_of_what_was_planted()
    {
        // Whoever knows how ids are made can make those of every guess; none stands in what leaves.
        var text = Text(ShareProfile.Partner);
        var guesses = PlantedTraffic.Plants.Concat([PlantedTraffic.Client, PlantedTraffic.System, "zyxwvut-internal-model"]).Concat(traffic.Result.Campaigns[0].Accounts.Select(account => account.Id)).ToList();
        string[] types = ["identity", "campaign", "indicator", "infrastructure", "observed-data", "sighting", "note", "grouping", "relationship"];
        foreach (var guess in guesses)
        {
            Assert.All(types, type => Assert.DoesNotContain(StixId.Of(type, guess), text, StringComparison.Ordinal));
            Assert.All(types, type => Assert.DoesNotContain(StixId.Of(type, CampaignExport.ProducerId("Example Lab"), "partner", guess), text, StringComparison.Ordinal));
            Assert.DoesNotContain(StixId.OfObservable("domain-name", new JsonObject { ["value"] = guess }), text, StringComparison.Ordinal);
            Assert.All((string[])["client", "payment", "email-domain"], kind => Assert.DoesNotContain(Epoch.ValueOf(kind, Encoding.UTF8.GetBytes(guess)), text, StringComparison.Ordinal));
            foreach (var hash in (string[])[Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(guess))), Convert.ToBase64String(Encoding.UTF8.GetBytes(guess))])
                Assert.DoesNotContain(hash, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("seen at 10.0.0.12 twice", "‹…› ‹…› 10.0.0.12", false)]
    [InlineData("account 48210077 sent", "48210077", false)]
    [InlineData("call 030 1234567", "1234567", false)]
    [InlineData("44 of 3,264 exchanges", "44 of 3,260 exchanges", true)]
    [InlineData("26.6 % and 1.01 times", "26.6 %", true)]
    public void A_sentence_keeps_numbers_of_counts_and_shares_and_no_others(string sentence, string text, bool stays) =>
        Assert.Equal(stays, new Redaction(ShareProfile.Partner, null).Sentence(sentence).Contains(text, StringComparison.Ordinal));

    [Fact]
    public void A_provider_is_told_of_its_own_accounts_and_of_nobody_elses()
    {
        var campaign = Campaign();
        var two = campaign with { Accounts = [.. campaign.Accounts.Select((account, i) => account with { Source = i < 3 ? "cloud" : "eu" })] };
        var bundle = Export(Result(two), Request(ShareProfile.ForProvider("cloud")));
        Assert.Empty(StixSchemas.Faults(bundle));
        Assert.Equal(["acct-000", "acct-001", "acct-002"], Objects(bundle, "user-account").Select(item => (string)item["account_login"]!).Order(StringComparer.Ordinal));
        var identity = Objects(bundle, "identity").Single(item => (string?)item["name"] == "cloud");
        var sighting = Objects(bundle, "sighting").Single(item => (string?)item["sighting_of_ref"] == (string?)Objects(bundle, "campaign").Single()["id"]);
        Assert.Equal((string?)identity["id"], (string?)sighting["where_sighted_refs"]![0]);
        Assert.All(Objects(bundle).Where(item => item["object_marking_refs"] is not null), item => Assert.Equal(Tlp.IdOf("red"), (string?)item["object_marking_refs"]![0]));
        // Nothing of it has the id of something else in an export for all.
        var open = Objects(Export(Result(two))).Where(item => item["modified"] is not null && (string?)item["type"] is not ("identity" or "attack-pattern" or "extension-definition")).Select(item => (string)item["id"]!).ToHashSet();
        Assert.DoesNotContain(Objects(bundle), item => open.Contains((string)item["id"]!));
    }

    [Fact]
    public void A_provider_is_not_told_that_an_account_is_the_operators_where_an_end_user_is_or_where_it_hardly_may_be()
    {
        var campaign = Campaign();
        Campaign With(double probability) => campaign with
        {
            Accounts = [.. campaign.Accounts.Select((account, i) => account with { Source = i < 3 ? "cloud" : "eu", Probability = i == 0 ? 0.3 : i < 3 ? probability : 0.9, EndUser = i == 1 ? "tenant-7" : null })],
        };
        var first = Export(Result(With(0.9)), Request(ShareProfile.ForProvider("cloud")));
        Assert.Equal([("acct-001", "tenant-7"), ("acct-002", null)], Objects(first, "user-account").Select(item => ((string)item["account_login"]!, (string?)item["user_id"])).Order());
        Assert.Empty(StixSchemas.Faults(first));

        // What no longer holds of any of them is taken back, and an account that is said of no campaign is not named.
        var later = Request(ShareProfile.ForProvider("cloud")) with { Now = Now.AddDays(1), Previous = first };
        var cleared = Export(Result(With(0.2)), later);
        static JsonObject OfAccounts(JsonObject bundle) => Objects(bundle, "sighting").Single(item => ((string)item["sighting_of_ref"]!).StartsWith("campaign--", StringComparison.Ordinal));
        Assert.Null(OfAccounts(first)["revoked"]);
        Assert.True((bool)OfAccounts(cleared)["revoked"]!);
        Assert.True((bool)Objects(cleared, "observed-data").Single(item => (string)item["id"]! == (string)OfAccounts(cleared)["observed_data_refs"]![0]!)["revoked"]!);
        Assert.All(Objects(cleared, "campaign"), item => Assert.Null(item["revoked"]));
        Assert.Empty(StixSchemas.Faults(cleared));
        var one = With(0.9);
        one = one with { Accounts = [.. one.Accounts.Select(account => account.Id == "acct-002" ? account with { Probability = 0.2 } : account)] };
        Assert.Equal(["acct-001"], Objects(Export(Result(one), later), "user-account").Select(item => (string)item["account_login"]!));
    }

    [Fact]
    public void A_member_who_holds_the_key_and_guesses_the_very_words_finds_nothing()
    {
        var text = Text(ShareProfile.Partner);
        var words = new Word[256];
        var plant = Encoding.UTF8.GetBytes(PlantedTraffic.System + " This is for Projekt-Nachtfalter of Zyxwvut Holdings and Maria Quillfeather.");
        var count = SharedWords.Scan(plant, words);
        for (var end = 0; end < count; end++)
        {
            if (!SharedWords.TryPhrase(words.AsSpan(0, count), end, out var start, out _)) continue;
            var phrase = words[start..(end + 1)];
            if (!phrase.Any(word => PlantedTraffic.Plants.Contains(SharedWords.Text(plant, word)))) continue;
            Assert.DoesNotContain(Epoch.PhraseOf([.. phrase.Select(word => word.Hash)]).ToString("x16", System.Globalization.CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Epoch.ValueOf("client", Encoding.UTF8.GetBytes(PlantedTraffic.Client)), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Epoch.ValueOf("email-domain", "zyxwvut-holdings.example"u8), text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_id_is_made_of_a_raw_value()
    {
        var text = Text(ShareProfile.Partner);
        foreach (var account in traffic.Result.Campaigns.SelectMany(campaign => campaign.Accounts))
        {
            Assert.DoesNotContain(StixId.OfObservable("user-account", new JsonObject { ["account_login"] = account.Id, ["account_type"] = account.Source }), text, StringComparison.Ordinal);
            Assert.DoesNotContain(StixId.OfObservable("user-account", new JsonObject { ["user_id"] = account.Id }), text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(StixId.OfObservable("domain-name", new JsonObject { ["value"] = "zyxwvut-holdings.example" }), text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_export_with_other_names_in_the_slots_is_the_same_bytes()
    {
        var renamed = traffic.Result with
        {
            Campaigns = [.. traffic.Result.Campaigns.Select(campaign => campaign with
            {
                Accounts = [.. campaign.Accounts.Select((account, i) => account with { Id = "other-" + i, EndUser = "x", Key = "y" })],
                Families = [.. campaign.Families.Select(family => family with { Skeleton = family.Skeleton.Replace("Zyxwvut", "Qqqqq", StringComparison.Ordinal).Replace("Quillfeather", "Rrrrr", StringComparison.Ordinal) })],
                Evidence = [.. campaign.Evidence.Select(row => row with { Examples = ["z"] })],
            })],
        };
        foreach (var profile in new[] { ShareProfile.Partner, ShareProfile.Public })
            Assert.Equal(Export(traffic.Result, Request(profile)).ToJsonString(), Export(renamed, Request(profile)).ToJsonString());
    }

    [Fact]
    public void A_word_leaves_from_as_many_unlinked_owners_on_as_the_profile_asks_for()
    {
        var campaign = Campaign() with { Families = [new CampaignFamily { Id = "f", Skeleton = "Brommel ‹…› glix", ExchangeCount = 9 }] };
        foreach (var (owners, profile, leaves) in new[] { (4, ShareProfile.Partner, false), (5, ShareProfile.Partner, true), (19, ShareProfile.Public, false), (20, ShareProfile.Public, true) })
        {
            var text = Export(Result(campaign with { Indicators = campaign.Indicators! with { Words = new Dictionary<string, int> { ["brommel"] = owners } } }), Request(profile)).ToJsonString();
            Assert.Equal(leaves, text.Contains("brommel", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain("glix", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_in_an_evidence_sentence_does_not_leave()
    {
        var campaign = Campaign() with { Evidence = [Reporting.SampleResult.Row("contrary", "one-organisation", -2, "90 % of the accounts are declared by Zyxwvut Holdings, phone 4915207755310.")] };
        var note = (string)Objects(Export(Result(campaign)), "note").Single()["content"]!;
        Assert.Contains("90 % of the accounts are declared by ‹…›", note, StringComparison.Ordinal);
        Assert.DoesNotContain("4915207755310", note, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sentences_that_the_detector_writes_stay_readable()
    {
        foreach (var row in traffic.Result.Campaigns.SelectMany(campaign => campaign.Evidence))
        {
            var sentence = new Redaction(ShareProfile.Partner, null).Sentence(row.Text);
            Assert.True(sentence.Split(Redaction.Slot).Length <= 2, sentence);
        }
    }

    [Theory]
    [InlineData("4111111111111111", false)]
    [InlineData("maria@example.com", false)]
    [InlineData("zyxwvut-holdings-billing-2026", false)]
    [InlineData("pm_8f3ab0c9d1e27744aa01", true)]
    [InlineData("pm_1MqLiJLkdIwHu7ixUEgbFdYn", true)]
    public void A_payment_leaves_keyed_and_only_if_nobody_can_guess_it(string payment, bool leaves)
    {
        var campaign = Campaign();
        var values = campaign.Indicators!.Values.Where(value => value.Kind == "payment").Select(value => value with { Value = payment });
        var bundle = Export(Result(campaign with { Indicators = campaign.Indicators with { Values = [.. values] } }));
        Assert.Equal(leaves, Objects(bundle, "indicator").Any(item => ((string)item["pattern"]!).Contains("kind=payment", StringComparison.Ordinal)));
        Assert.DoesNotContain(payment, bundle.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t13d1516h2_8daaf6152771_b186095e22b6", true)]
    [InlineData("e7d705a3286e19ea42f587b344ee6865", true)]
    [InlineData("d5f1ab0c9e3377d5f1ab0c9e3377d5f1ab0c9e3377d5f1ab0c9e3377d5f1ab0c", false)]
    [InlineData("session_of_zyxwvut", false)]
    public void Of_handshakes_only_JA3_and_JA4_leave_and_no_other_text_in_their_place(string value, bool leaves)
    {
        var campaign = Campaign();
        var values = campaign.Indicators!.Values.Where(known => known.Kind == "tls").Select(known => known with { Value = value });
        Assert.Equal(leaves, Export(Result(campaign with { Indicators = campaign.Indicators with { Values = [.. values] } })).ToJsonString().Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public void Partners_learn_the_hours_of_a_campaign_and_the_public_only_its_days()
    {
        JsonNode? Hours(ShareProfile profile) => Objects(Export(Result(), Request(profile)), "campaign").Single()["extensions"]![StillhuntExtension.Id]!["hours_utc"];
        Assert.Equal(24, ((JsonArray)Hours(ShareProfile.Partner)!).Count);
        Assert.Null(Hours(ShareProfile.Public));
        Assert.Equal(1, traffic.Result.Campaigns[0].Indicators!.Hours.Sum(), 0.02);
    }

    [Fact]
    public void The_public_learns_no_addresses_and_no_sketches()
    {
        var bundle = Export(Result(), Request(ShareProfile.Public));
        Assert.DoesNotContain(Objects(bundle), item => (string?)item["type"] is "ipv4-addr" or "ipv6-addr" or "domain-name" or "user-account");
        Assert.All(Objects(bundle, "indicator"), item => Assert.Equal("stix", (string?)item["pattern_type"]));
        Assert.Contains(Objects(bundle, "indicator"), item => (string?)item["pattern"] == "[autonomous-system:number = 64500]");
    }

    [Fact]
    public void Account_ids_leave_with_the_internal_profile_only()
    {
        Assert.Equal(40, Objects(Export(Result(), Request(ShareProfile.Internal)), "user-account").Count());
        Assert.Empty(Objects(Export(Result()), "user-account"));
    }

    [Fact]
    public void Times_and_counts_are_coarser_the_further_they_go()
    {
        Assert.Equal("2026-03-06T20:00:00.000Z", (string?)Objects(Export(Result()), "sighting").First(item => (string?)item["last_seen"] is { } at && at.StartsWith("2026-03-06", StringComparison.Ordinal))["last_seen"]);
        Assert.Equal(12_345_678, ShareProfile.Internal.Count(12_345_678));
        Assert.Equal(12_300_000, ShareProfile.Partner.Count(12_345_678));
        Assert.Equal(12_000_000, ShareProfile.Public.Count(12_345_678));
    }

    private string Text(ShareProfile profile) => Export(traffic.Result, Request(profile)).ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
