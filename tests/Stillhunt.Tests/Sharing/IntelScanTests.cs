using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;
using static Stillhunt.Tests.Sharing.ExportSample;

namespace Stillhunt.Tests.Sharing;

public sealed class IntelScanTests
{
    private const string Refilled = "Think it through step by step: the bridges of Königsberg, and give the final answer in 400 words";

    [Theory]
    [InlineData(Refilled)]
    [InlineData("THINK it through, step by step!! A proof that no such number exists and give the final answer in 3 words.")]
    [InlineData("please think it through step by step before anything else, then tell me about whales")]
    [InlineData("Something wholly different first. Take your time and give the final answer in 12 words, thanks.")]
    public void A_refilled_or_reworded_prompt_of_the_family_is_met_at_its_first_request(string prompt)
    {
        var result = new IntelTraffic(IntelTraffic.Store()).Crowd().Send("worker", prompt).Finish();
        var match = Assert.Single(result.Accounts);
        Assert.Equal(("worker", "second", 1L), (match.Id, match.Source, match.ExchangeCount));
        Assert.Equal(["First Lab: Example Lab"], match.Senders);
    }

    [Fact]
    public void A_family_that_is_split_between_system_prompt_and_turn_is_met_too() =>
        Assert.Single(new IntelTraffic(IntelTraffic.Store()).Crowd().Send("worker", "Königsberg; give the final answer", system: "You think it through.").Finish().Accounts);

    [Theory]
    [InlineData("Give me the final score of the match, step by step if you can")]
    [InlineData("What is the answer in the final words of the book?")]
    public void Common_words_in_another_order_are_not_met(string prompt) => Assert.Empty(new IntelTraffic(IntelTraffic.Store()).Crowd().Send("person", prompt).Finish().Accounts);

    [Fact]
    public void Addresses_networks_owners_clients_and_handshakes_are_met()
    {
        var store = IntelTraffic.Store();
        foreach (var (kind, send) in new (string, Func<IntelTraffic, IntelTraffic>)[]
        {
            ("ip", traffic => traffic.Send("a", "x", ip: "203.0.113.7")), ("ip", traffic => traffic.Send("a", "x", ip: "203.0.113.7:50123")), ("network", traffic => traffic.Send("a", "x", ip: "203.0.113.99")), ("network", traffic => traffic.Send("a", "x", ip: "2001:db8:1:2::77")),
            ("asn", traffic => traffic.Send("a", "x", asn: "64500")), ("asn", traffic => traffic.Send("a", "x", asn: "AS64500")), ("client", traffic => traffic.Send("a", "x", client: "odd-harness/0.3")),
            ("tls", traffic => traffic.Send("a", "x", tls: "t13d1516h2_8daaf6152771_b186095e22b6")),
        })
        {
            var result = send(new IntelTraffic(store).Crowd()).Finish();
            Assert.Single(result.Accounts);
            Assert.Contains(result.Indicators, use => use.Kind == kind && use.AccountCount == 1);
        }
    }

    [Fact]
    public void Mail_domains_and_keyed_payments_are_met_in_the_accounts_file()
    {
        var store = IntelTraffic.Store(Export(Result(), Request(Stillhunt.Sharing.ShareProfile.Partner with { MailDomains = true })));
        var result = new IntelTraffic(store).Crowd().Send("a", "x").Send("b", "x").Know(new AccountRecord { Account = "a", EmailDomain = "mail.example" })
            .Know(new AccountRecord { Account = "b", Payment = "pm_8f3ab0c9d1e27744aa01" }).Finish();
        Assert.Equal(["a", "b"], result.Accounts.Select(match => match.Id).Order());
    }

    [Fact]
    public void An_exchange_that_is_repeated_or_sent_twice_counts_once() =>
        Assert.Equal(1, Assert.Single(new IntelTraffic(IntelTraffic.Store()).Crowd().Send("worker", Refilled, id: "same").Send("worker", Refilled, id: "same").Finish().Accounts).ExchangeCount);

    [Fact]
    public void No_agreement_of_senders_makes_a_finding()
    {
        var store = new IntelStore();
        for (var i = 0; i < 20; i++) IntelTraffic.Store(Told(i), sender: "Lab " + i, into: store);
        var match = Assert.Single(new IntelTraffic(store).Crowd(3000).Send("worker", Refilled, ip: "203.0.113.7", asn: "64500").Finish().Accounts);
        Assert.Equal(6, match.Bits);
        // The prior of a group that shares anything is -10 bits.
        Assert.True(1 / (1 + Math.Pow(2, 10 - match.Bits)) < 0.1);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(0.5, 2)]
    [InlineData(0, 0)]
    public void Bits_are_scaled_by_the_trust_in_their_sender(double trust, double bits) =>
        Assert.Equal(bits, Assert.Single(new IntelTraffic(IntelTraffic.Store(trust: trust)).Crowd().Send("worker", Refilled).Finish().Accounts).Bits);

    [Fact]
    public void Independent_senders_who_agree_weigh_more_than_one()
    {
        var alone = new IntelTraffic(IntelTraffic.Store(trust: 0.5)).Crowd().Send("worker", Refilled).Finish().Accounts.Single().Bits;
        var both = new IntelTraffic(IntelTraffic.Store(Told(1), sender: "Second Lab", trust: 0.5, into: IntelTraffic.Store(trust: 0.5))).Crowd().Send("worker", Refilled).Finish().Accounts.Single().Bits;
        Assert.True(both > alone);
    }

    [Fact]
    public void Whoever_sends_what_another_sent_agrees_with_nobody()
    {
        var store = IntelTraffic.Store(trust: 0.8);
        for (var i = 0; i < 5; i++) IntelTraffic.Store(sender: "Echo " + i, trust: i == 0 ? 0.8 : 0.5, into: store);
        var result = new IntelTraffic(store).Crowd().Send("worker", Refilled, ip: "203.0.113.7").Finish();
        var alone = new IntelTraffic(IntelTraffic.Store(trust: 0.8)).Crowd().Send("worker", Refilled, ip: "203.0.113.7").Finish();
        var match = Assert.Single(result.Accounts);
        Assert.Equal(alone.Accounts[0].Bits, match.Bits);
        Assert.Single(match.Witnesses);
        Assert.Equal(5, result.Indicators.Count(use => use is { Kind: "sketch", Status: "copied" }));
        // One that says something of its own is a witness, if you trust it.
        Assert.Equal(["Echo 0", "Lab"], new IntelTraffic(IntelTraffic.Store(Told(1), "Lab", 0.8, store)).Crowd().Send("worker", Refilled, ip: "203.0.113.7").Finish().Accounts[0].Witnesses);
        Assert.Equal(["Echo 0"], new IntelTraffic(IntelTraffic.Store(Told(2), "Unknown", 0.5, store)).Crowd().Send("worker", Refilled, ip: "203.0.113.7").Finish().Accounts[0].Witnesses.Where(name => name != "Lab"));
    }

    [Theory]
    [InlineData("stix", "[ipv6-addr:value = '2001:db8::7']", "[ipv6-addr:value = '2001:0DB8:0:0::7']")]
    [InlineData("stix", "[ipv4-addr:value = '203.0.113.7']", "[ipv6-addr:value = '::ffff:203.0.113.7']")]
    [InlineData("stix", "[ipv6-addr:value ISSUBSET '2001:db8::/32']", "[ipv6-addr:value ISSUBSET '2001:DB8:0::/32']")]
    [InlineData("stix", "[domain-name:value = 'mail.example']", "[ domain-name:value = 'Mail.Example' ]")]
    [InlineData("stillhunt-sketch", "sketch:1 group=g epoch=e least=3 phrases=0000000000000001,0000000000000002,0000000000000003", "sketch:1 group=g epoch=e least=3 phrases=0000000000000003,0000000000000001,0000000000000002")]
    public void Another_spelling_of_what_somebody_sent_is_the_same(string type, string one, string other)
    {
        var (first, second) = (Stillhunt.Sharing.Stix.IndicatorPattern.Read(type, one, out _)!, Stillhunt.Sharing.Stix.IndicatorPattern.Read(type, other, out _)!);
        Assert.Equal((one, one), (first.Write(), second.Write()));
    }

    [Fact]
    public void What_comes_back_of_ones_own_is_no_word_of_another()
    {
        var own = Stillhunt.Sharing.Stix.CampaignExport.ProducerId("Example Lab");
        var result = new IntelTraffic(IntelTraffic.Store(sender: "Exchange"), IntelTraffic.Options() with { Own = own }).Crowd().Send("worker", "Think it through step by step: whales, and give the final answer in 400 words").Finish();
        Assert.Empty(result.Accounts);
        Assert.All(result.Indicators, use => Assert.Equal(("own", "You made it yourself: it says what your own detection says."), (use.Status, use.Text)));
    }

    [Fact]
    public void A_copy_whose_original_was_taken_back_counts_again()
    {
        var bundle = Export(Result());
        var gone = Export(Result() with { Campaigns = [] }, Request() with { Now = Now.AddMinutes(1), Previous = bundle });
        var store = IntelTraffic.Store(sender: "Echo", trust: 0.5, into: IntelTraffic.Store(gone, trust: 0.9));
        Assert.Equal(["Echo: Example Lab"], Assert.Single(new IntelTraffic(store).Crowd().Send("worker", Refilled).Finish().Accounts).Senders);
    }

    [Fact]
    public void No_sender_fills_the_store()
    {
        var store = new IntelStore();
        var flood = new JsonObject { ["type"] = "bundle", ["id"] = "bundle--00000000-0000-4000-8000-000000000001" };
        flood["objects"] = new JsonArray([.. Enumerable.Range(0, 25_010).Select(i => (JsonNode)new JsonObject
        {
            ["type"] = "indicator", ["spec_version"] = "2.1", ["id"] = $"indicator--00000000-0000-4000-8000-{i:d12}", ["created"] = "2026-01-01T00:00:00.000Z", ["modified"] = "2026-01-01T00:00:00.000Z",
            ["pattern"] = "[ipv4-addr:value = '10.0.0.1']", ["pattern_type"] = "stix", ["valid_from"] = "2026-01-01T00:00:00.000Z",
        })]);
        var import = store.Add(flood, "Flood", 0.5);
        Assert.Equal((25_000, 10), (import.Added, import.Refused.Count));
        Assert.Contains("takes no more of one sender", import.Refused[0], StringComparison.Ordinal);
        Assert.NotEqual(0, store.Add(Export(Result()), "Lab", 1).Added);
    }

    [Fact]
    public void An_indicator_that_matches_much_honest_traffic_is_rejected_with_the_reason()
    {
        var poison = Poison("[autonomous-system:number = 3320]");
        var traffic = new IntelTraffic(IntelTraffic.Store(poison)).Crowd(100);
        for (var i = 0; i < 20; i++) traffic.Send("customer-" + i, "Where is the station?", asn: "3320");
        var result = traffic.Finish();
        Assert.Empty(result.Accounts);
        var use = Assert.Single(result.Indicators);
        Assert.Equal("too-common", use.Status);
        Assert.Contains("20 accounts of 120", use.Text, StringComparison.Ordinal);
        Assert.Null(use.Bits);
    }

    [Fact]
    public void Many_indicators_that_are_each_rare_and_hit_everybody_together_are_rejected()
    {
        var many = Poison("[autonomous-system:number = 3000]");
        for (var i = 1; i < 50; i++)
        {
            var next = Poison($"[autonomous-system:number = {3000 + i}]")["objects"]![0]!.DeepClone();
            next["id"] = $"indicator--00000000-0000-4000-8000-{i + 1:d12}";
            ((JsonArray)many["objects"]!).Add(next);
        }

        // Another kind of the same sender is judged by itself.
        var traffic = new IntelTraffic(IntelTraffic.Store(into: IntelTraffic.Store(many))).Crowd(100).Send("worker", Refilled);
        for (var i = 0; i < 100; i++) traffic.Send("customer-" + i, "Where is the station?", asn: (3000 + (i % 50)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var result = traffic.Finish();
        Assert.Equal("worker", Assert.Single(result.Accounts).Id);
        Assert.Equal(51, result.Indicators.Count(use => use is { Kind: "asn", Status: "too-common" }));
        Assert.Contains("all asn of First Lab together match 100 accounts of 201", result.Indicators.First(use => use.Kind == "asn").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sender_who_says_something_of_many_accounts_says_little_of_each()
    {
        var few = new IntelTraffic(IntelTraffic.Store()).Crowd(200).Send("worker", Refilled).Finish().Accounts.Single();
        var traffic = new IntelTraffic(IntelTraffic.Store()).Crowd(160).Send("worker", Refilled);
        for (var i = 0; i < 15; i++) traffic.Send("a-" + i, "x", ip: "203.0.113.7").Send("b-" + i, "x", client: "odd-harness/0.3").Send("c-" + i, "x", tls: "t13d1516h2_8daaf6152771_b186095e22b6");
        var many = traffic.Finish().Accounts.Single(match => match.Id == "worker");
        Assert.Equal(4, few.Bits);
        Assert.Equal(-Math.Log2(46.5 / 207), many.Bits, 2);
    }

    [Fact]
    public void An_indicator_that_hits_accounts_that_you_vouch_for_is_rejected()
    {
        var traffic = new IntelTraffic(IntelTraffic.Store(Poison("[autonomous-system:number = 3320]"))).Crowd(400);
        for (var i = 0; i < 6; i++) traffic.Send("customer-" + i, "Where is the station?", asn: "3320").Know(new AccountRecord { Account = "customer-" + i, Verified = true });
        Assert.Equal("hits-trusted", Assert.Single(traffic.Finish().Indicators).Status);
    }

    [Fact]
    public void Accounts_that_are_flagged_without_it_are_what_an_indicator_is_meant_to_hit()
    {
        var workers = Enumerable.Range(0, 30).Select(i => "worker-" + i).ToArray();
        var traffic = new IntelTraffic(IntelTraffic.Store(Poison("[autonomous-system:number = 3320]"))).Crowd(100);
        foreach (var worker in workers) traffic.Send(worker, "x", asn: "3320").Know(new AccountRecord { Account = worker, Verified = true });
        Assert.Equal("too-common", Assert.Single(traffic.Finish().Indicators).Status);
        var result = traffic.Finish(workers);
        Assert.Equal(("used", 30L), (Assert.Single(result.Indicators).Status, result.Indicators[0].AccountCount));
        Assert.Equal(30, result.Accounts.Count);
        // Whatever else it hits is counted as before.
        for (var i = 0; i < 20; i++) traffic.Send("customer-" + i, "Where is the station?", asn: "3320");
        var spoilt = Assert.Single(traffic.Finish(workers).Indicators);
        Assert.Equal("too-common", spoilt.Status);
        Assert.Contains("20 accounts of 120 in no campaign of your own", spoilt.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "hits-trusted")]
    [InlineData(0.5, "used")]
    [InlineData(1, "used")]
    public void The_less_a_sender_is_trusted_the_fewer_accounts_that_you_vouch_for_may_its_indicators_hit(double trust, string status)
    {
        var traffic = new IntelTraffic(IntelTraffic.Store(Poison("[autonomous-system:number = 3320]"), trust: trust)).Crowd(200);
        for (var i = 0; i < 100; i++) traffic.Know(new AccountRecord { Account = "honest-" + i, Verified = true });
        for (var i = 0; i < 5; i++) traffic.Send("honest-" + i, "Where is the station?", asn: "3320");
        Assert.Equal(status, Assert.Single(traffic.Finish().Indicators).Status);
    }

    [Fact]
    public void An_account_of_many_exchanges_that_met_a_sketch_once_is_not_named()
    {
        var traffic = new IntelTraffic(IntelTraffic.Store()).Crowd().Send("worker", Refilled).Send("heavy", Refilled);
        for (var i = 0; i < 30; i++) traffic.Send("heavy", "What is the weather in town " + Laws.MadeTraffic.Number(i) + "?");
        Assert.Equal("worker", Assert.Single(traffic.Finish().Accounts).Id);
    }

    [Fact]
    public void Whom_you_entitled_no_match_names_until_the_entitlement_ends()
    {
        var traffic = new IntelTraffic(IntelTraffic.Store()).Crowd().Send("licensed", Refilled).Know(new AccountRecord { Account = "licensed", Entitlement = "distillation" });
        Assert.Empty(traffic.Finish().Accounts);
        traffic.Know(new AccountRecord { Account = "licensed", Entitlement = "distillation", EntitlementUntilMs = IntelTraffic.Start.AddDays(-1).ToUnixTimeMilliseconds() });
        Assert.Single(traffic.Finish().Accounts);
    }

    [Fact]
    public void A_sender_that_names_many_makers_weighs_as_one()
    {
        var store = new IntelStore();
        for (var i = 0; i < 20; i++)
            IntelTraffic.Store(Export(Result(), Request() with { Producer = "Lab " + i }), sender: "Exchange", trust: 0.5, into: store);
        var match = Assert.Single(new IntelTraffic(store).Crowd().Send("worker", Refilled, ip: "203.0.113.7", asn: "64500").Finish().Accounts);
        Assert.Equal(2, match.Bits);
        Assert.Equal(20, match.Senders.Count);
    }

    [Fact]
    public void A_long_conversation_matches_by_its_last_turn_alone()
    {
        Assert.Empty(new IntelTraffic(IntelTraffic.Store()).Crowd().Talk("person", "Think it through.", "Tell me more, step by step.", "And give the final answer.", "Thanks, and who won?").Finish().Accounts);
        Assert.Single(new IntelTraffic(IntelTraffic.Store()).Crowd().Talk("worker", "Hello.", Refilled).Finish().Accounts);
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("203.0.113.0/24 # our own office")]
    [InlineData("203.0.113.7")]
    public void What_the_allow_list_names_is_never_hit(string entry)
    {
        var options = IntelTraffic.Options() with { Allowed = AllowList.Read(new StringReader("# remark\n\n" + entry)) };
        var store = IntelTraffic.Store(Poison("[ipv4-addr:value = '203.0.113.7']"));
        Assert.Empty(new IntelTraffic(store, options).Crowd().Send("worker", "x", ip: "203.0.113.7").Finish().Accounts);
        Assert.Single(new IntelTraffic(store).Crowd().Send("worker", "x", ip: "203.0.113.7").Finish().Accounts);
    }

    [Fact]
    public void Without_the_key_or_after_its_end_sketches_are_not_looked_for_and_it_is_said()
    {
        var none = new IntelTraffic(IntelTraffic.Store(), IntelTraffic.Options() with { Key = null }).Crowd().Send("worker", Refilled).Finish();
        Assert.Equal("no-key", none.Indicators.Single(use => use.Kind == "sketch").Status);
        Assert.Empty(none.Accounts);
        var ended = new IntelTraffic(IntelTraffic.Store(), IntelTraffic.Options(Epoch with { Until = Now.AddDays(-1) })).Crowd().Send("worker", Refilled).Finish();
        Assert.Equal("expired-key", ended.Indicators.Single(use => use.Kind == "sketch").Status);
        Assert.Empty(ended.Accounts);
    }

    [Fact]
    public void The_key_of_another_group_meets_nothing()
    {
        var other = Epoch with { Secret = new byte[32] };
        Assert.Empty(new IntelTraffic(IntelTraffic.Store(), IntelTraffic.Options(other)).Crowd().Send("worker", Refilled).Finish().Accounts);
    }

    [Fact]
    public void An_indicator_ends_by_the_time_of_the_traffic()
    {
        var store = IntelTraffic.Store(Poison("[ipv4-addr:value = '203.0.113.7']"));
        var late = new IntelTraffic(store).Send("a", "x", ip: "203.0.113.7", after: TimeSpan.FromDays(400)).Finish();
        Assert.Empty(late.Accounts);
        Assert.Equal("expired", Assert.Single(late.Indicators).Status);
    }

    [Fact]
    public void What_its_sender_revoked_is_not_looked_for_and_nobody_else_can_revoke_it()
    {
        var bundle = Poison("[ipv4-addr:value = '203.0.113.7']");
        var revoked = (JsonObject)bundle.DeepClone();
        revoked["objects"]![0]!["revoked"] = true;
        revoked["objects"]![0]!["modified"] = "2026-03-09T00:00:00.000Z";
        Assert.Single(new IntelTraffic(IntelTraffic.Store(revoked, sender: "Mallory", into: IntelTraffic.Store(bundle))).Crowd().Send("a", "x", ip: "203.0.113.7").Finish().Accounts);
        var result = new IntelTraffic(IntelTraffic.Store(revoked, into: IntelTraffic.Store(bundle))).Crowd().Send("a", "x", ip: "203.0.113.7").Finish();
        Assert.Equal("revoked", Assert.Single(result.Indicators).Status);
        Assert.Empty(result.Accounts);
    }

    [Fact]
    public void The_same_version_with_another_pattern_is_refused()
    {
        var store = IntelTraffic.Store(Poison("[ipv4-addr:value = '203.0.113.7']"));
        Assert.Contains("differs", Assert.Single(store.Add(Poison("[ipv4-addr:value = '203.0.113.8']"), "First Lab", 1).Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_comes_back_from_disk_as_it_was()
    {
        var json = IntelTraffic.Store().ToJson();
        Assert.Equal(json.ToJsonString(), IntelStore.Read(JsonNode.Parse(json.ToJsonString())!.AsObject(), "intel.json").ToJson().ToJsonString());
        json["received"]![3]!["trust"] = 7;
        Assert.Contains("received[3].trust", Assert.Throws<InvalidDataException>(() => IntelStore.Read(json, "intel.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matches_go_back_to_their_senders_as_sightings_without_accounts()
    {
        var intel = new IntelTraffic(IntelTraffic.Store()).Crowd().Send("worker", Refilled).Send("customer", Refilled).Finish();
        Assert.Equal(2, intel.Accounts.Count);
        var suspected = Campaign() with { Accounts = [Campaign().Accounts[0] with { Id = "worker", Source = "second" }] };
        var back = Export(Result() with { Campaigns = [], Suspected = [suspected], Intel = intel });
        var sighting = Assert.Single(Objects(back, "sighting"));
        Assert.Equal(intel.Indicators.Single(use => use.Kind == "sketch").Id, (string?)sighting["sighting_of_ref"]);
        Assert.Equal((1L, 1L), ((long)sighting["count"]!, (long)sighting["extensions"]![StillhuntExtension.Id]!["account_count"]!));
        Assert.DoesNotContain("worker", back.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(StixSchemas.Faults(back));
    }

    [Fact]
    public void Nobody_learns_from_a_sighting_whether_somebody_is_a_customer()
    {
        // A member makes an indicator of a customer's own wording, address and mail domain, and looks whether it comes back.
        var store = IntelTraffic.Store(Export(Result(), Request(Stillhunt.Sharing.ShareProfile.Partner with { MailDomains = true })));
        var intel = new IntelTraffic(store).Crowd().Send("customer", Refilled, ip: "203.0.113.7").Know(new AccountRecord { Account = "customer", EmailDomain = "mail.example" }).Finish();
        Assert.Single(intel.Accounts);
        Assert.Empty(Objects(Export(Result() with { Campaigns = [], Intel = intel }), "sighting"));
        // Nor of a group that was looked at and found honest.
        var reversed = Campaign() with { Accounts = [Campaign().Accounts[0] with { Id = "customer", Source = "second" }] };
        Assert.Empty(Objects(Export(Result() with { Campaigns = [reversed], Intel = intel }, Request() with { Reversed = [reversed.Id] }), "sighting"));
    }

    /// <summary>The campaign as another sender knows it: a sketch of its own, and no values.</summary>
    private static JsonObject Told(int sender)
    {
        var (campaign, own) = (Campaign(), (char)('a' + sender) + "zq");
        var known = campaign.Indicators!;
        return Export(Result(campaign with
        {
            Indicators = known with
            {
                Values = [], Phrases = [.. known.Phrases, new FamilyPhrase { Words = own + " give the", AccountCount = 9, Share = 0.1, Elsewhere = 0 }],
                Words = known.Words.Append(KeyValuePair.Create(own, 64)).ToDictionary(),
            },
        }), Request() with { Producer = "Maker " + own });
    }

    private static JsonObject Poison(string pattern) => new()
    {
        ["type"] = "bundle", ["id"] = "bundle--00000000-0000-4000-8000-000000000001",
        ["objects"] = new JsonArray(new JsonObject
        {
            ["type"] = "indicator", ["spec_version"] = "2.1", ["id"] = "indicator--00000000-0000-4000-8000-000000000001", ["created"] = "2026-03-01T00:00:00.000Z", ["modified"] = "2026-03-01T00:00:00.000Z",
            ["pattern"] = pattern, ["pattern_type"] = "stix", ["valid_from"] = "2026-03-01T00:00:00.000Z", ["valid_until"] = "2026-06-01T00:00:00.000Z",
        }),
    };
}
