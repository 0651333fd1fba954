using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Stix;
using static Stillhunt.Tests.Sharing.ExportSample;

namespace Stillhunt.Tests.Sharing;

public sealed class StixExportTests
{
    [Theory]
    [InlineData("internal")]
    [InlineData("partner")]
    [InlineData("public")]
    public void Every_object_is_valid_by_the_official_schemas(string profile) =>
        Assert.Empty(StixSchemas.Faults(Export(Result(), Request(ShareProfile.Find(profile)))));

    [Fact]
    public void The_schemas_do_find_faults()
    {
        var bundle = Export(Result());
        Objects(bundle, "campaign").First().Remove("name");
        Objects(bundle, "indicator").First()["valid_from"] = "yesterday";
        Assert.True(StixSchemas.Faults(bundle).Count >= 2);
    }

    [Theory]
    [InlineData("internal")]
    [InlineData("partner")]
    [InlineData("public")]
    public void Every_reference_resolves_and_every_id_stands_once(string profile)
    {
        var bundle = Export(Result(), Request(ShareProfile.Find(profile)));
        var ids = Objects(bundle).Select(item => (string)item["id"]!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(Objects(bundle).SelectMany(References), id => Assert.Contains(id, ids));
    }

    [Fact]
    public void What_the_schemas_cannot_say_holds_too()
    {
        foreach (var item in Objects(Export(Result())))
        {
            Assert.Null(StixBundle.CheckObject(item));
            AssertNotBefore(item, "first_seen", "last_seen");
            AssertNotBefore(item, "first_observed", "last_observed");
            AssertNotBefore(item, "created", "modified");
            if (item["valid_until"] is not null) Assert.True(string.CompareOrdinal((string)item["valid_until"]!, (string)item["valid_from"]!) > 0);
            Assert.DoesNotContain(item, pair => pair.Value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 });
        }
    }

    [Fact]
    public void The_campaign_uses_published_techniques_and_the_indicators_indicate_it()
    {
        var bundle = Export(Result());
        var campaign = (string)Objects(bundle, "campaign").Single()["id"]!;
        var relations = Objects(bundle, "relationship").ToList();
        Assert.Contains(relations, r => (string?)r["relationship_type"] == "uses" && (string?)r["target_ref"] == "attack-pattern--3f567912-629a-5e0b-ab0c-0102977c2d6c");
        Assert.All(Objects(bundle, "indicator"), indicator => Assert.Contains(relations, r =>
            (string?)r["relationship_type"] == "indicates" && (string?)r["source_ref"] == (string?)indicator["id"] && (string?)r["target_ref"] == campaign));
        Assert.All(Objects(bundle, "indicator"), indicator => Assert.Contains(Objects(bundle, "sighting"), s => (string?)s["sighting_of_ref"] == (string?)indicator["id"]));
    }

    [Theory]
    [InlineData("internal", "TLP:AMBER+STRICT")]
    [InlineData("partner", "TLP:AMBER")]
    [InlineData("public", "TLP:CLEAR")]
    public void Everything_of_ours_carries_the_marking_of_its_profile(string profile, string name)
    {
        var bundle = Export(Result(), Request(ShareProfile.Find(profile)));
        var marking = Objects(bundle, "marking-definition").Single();
        Assert.Equal(name, (string?)marking["name"]);
        string[] published = ["marking-definition", "attack-pattern", "extension-definition"];
        Assert.All(Objects(bundle).Where(item => !published.Contains((string)item["type"]!) && (string?)item["name"] != "Stillhunt"),
            item => Assert.Equal((string?)marking["id"], (string?)item["object_marking_refs"]![0]));
    }

    [Fact]
    public void The_same_request_gives_the_same_bundle() => Assert.Equal(Export(Result()).ToJsonString(), Export(Result()).ToJsonString());

    [Fact]
    public void What_did_not_change_keeps_its_version_and_what_changed_gets_a_newer_one()
    {
        var first = Export(Result());
        var later = Request() with { Now = Now.AddDays(1), Previous = first };
        Assert.Equal(Bare(first), Bare(Export(Result(), later)));
        var grown = Export(Result(Campaign() with { ExtractingCount = 999_000 }), later);
        var (was, now) = (Objects(first, "campaign").Single(), Objects(grown, "campaign").Single());
        Assert.Equal((string?)was["id"], (string?)now["id"]);
        Assert.Equal((string?)was["created"], (string?)now["created"]);
        Assert.True(string.CompareOrdinal((string?)now["modified"], (string?)was["modified"]) > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_campaign_that_fell_is_revoked_with_all_that_rested_on_it_alone(bool byHand)
    {
        var both = Export(Result(Campaign(), Campaign("c-0000000002")));
        var request = Request() with { Now = Now.AddDays(1), Previous = both, Reversed = byHand ? ["c-0000000002"] : [] };
        var after = Export(byHand ? Result(Campaign(), Campaign("c-0000000002")) : Result(), request);
        var revoked = Objects(after).Where(item => item["revoked"] is not null).ToList();
        Assert.Single(revoked, item => (string?)item["type"] == "campaign");
        Assert.Equal(Objects(both, "indicator").Count() / 2, revoked.Count(item => (string?)item["type"] == "indicator"));
        Assert.Equal(Objects(both, "note").Count() / 2, revoked.Count(item => (string?)item["type"] == "note"));
        Assert.DoesNotContain(revoked, item => (string?)item["type"] is "attack-pattern" or "identity" or "marking-definition" or "ipv4-addr");
        Assert.Empty(StixSchemas.Faults(after));
        // Once revoked it stays as it is.
        Assert.Equal(Bare(after), Bare(Export(Result(), request with { Now = Now.AddDays(2), Previous = after, Reversed = [] })));
    }

    [Fact]
    public void What_was_revoked_gets_no_newer_version_and_is_said_again_as_new_objects()
    {
        var both = Export(Result(Campaign(), Campaign("c-0000000002")));
        var fell = Export(Result(), Request() with { Now = Now.AddDays(1), Previous = both, Reversed = ["c-0000000002"] });
        var dead = Objects(fell).Where(item => item["revoked"] is not null).ToDictionary(item => (string)item["id"]!, item => item.ToJsonString());
        var again = Export(Result(Campaign(), Campaign("c-0000000002")), Request() with { Now = Now.AddDays(2), Previous = fell });
        Assert.All(dead, pair => Assert.Equal(pair.Value, Assert.Single(Objects(again), item => (string?)item["id"] == pair.Key).ToJsonString()));
        var standing = Objects(again).Where(item => item["revoked"] is null).ToList();
        Assert.Equal(2, standing.Count(item => (string?)item["type"] == "campaign"));
        Assert.Equal(Objects(both, "indicator").Count(), standing.Count(item => (string?)item["type"] == "indicator"));
        // What stands refers to nothing that was revoked.
        Assert.DoesNotContain(standing, item => dead.Keys.Any(id => item.ToJsonString().Contains(id, StringComparison.Ordinal)));
        Assert.Empty(StixSchemas.Faults(again));
        // It goes on under its new id, ...
        var later = Export(Result(Campaign(), Campaign("c-0000000002")), Request() with { Now = Now.AddDays(3), Previous = again });
        Assert.Equal(Objects(again).Select(item => (string)item["id"]!).Order(), Objects(later).Select(item => (string)item["id"]!).Order());
        var part = Export(Result(Campaign(), Campaign("c-0000000002")), Request() with { Now = Now.AddDays(3), Previous = again, Campaigns = [Campaign().Id] });
        Assert.Equal(2, Objects(part, "campaign").Count(item => item["revoked"] is null));
        // ... falls again, and can be said a third time.
        var fellAgain = Export(Result(), Request() with { Now = Now.AddDays(4), Previous = later, Reversed = ["c-0000000002"] });
        Assert.Equal(1, Objects(fellAgain, "campaign").Count(item => item["revoked"] is null));
        var third = Export(Result(Campaign(), Campaign("c-0000000002")), Request() with { Now = Now.AddDays(5), Previous = fellAgain });
        Assert.Equal((4, 2), (Objects(third, "campaign").Count(), Objects(third, "campaign").Count(item => item["revoked"] is null)));
    }

    [Fact]
    public void What_can_have_no_newer_version_is_said_again_as_a_new_object()
    {
        var last = Export(Result());
        foreach (var item in Objects(last).Where(item => item["modified"] is not null)) item["modified"] = "9999-12-31T23:59:59.999Z";
        var id = (string?)Objects(last, "campaign").Single()["id"];
        var after = Export(Result(Campaign() with { ExtractingCount = 999_000 }), Request() with { Now = Now.AddDays(1), Previous = last });
        var fresh = Objects(after, "campaign").Single(item => (string?)item["id"] != id);
        Assert.StartsWith("2026-03-11", (string?)fresh["modified"], StringComparison.Ordinal);
        // What stands of it can't be taken back either.
        Assert.Null(Objects(after, "campaign").Single(item => (string?)item["id"] == id)["revoked"]);
        Assert.Equal(2, Objects(Export(Result(Campaign("c-0000000002")), Request() with { Now = Now.AddDays(2), Previous = last }), "campaign").Count());
    }

    [Fact]
    public void A_last_export_that_holds_several_versions_of_an_object_counts_by_the_newest()
    {
        var first = Export(Result());
        var second = Export(Result(Campaign(accounts: 50)), Request() with { Now = Now.AddDays(1), Previous = first });
        var both = new JsonObject { ["type"] = "bundle", ["id"] = (string?)first["id"], ["objects"] = new JsonArray([.. Objects(second).Concat(Objects(first)).Select(item => item.DeepClone())]) };
        Assert.Equal(Bare(second), Bare(Export(Result(Campaign(accounts: 50)), Request() with { Now = Now.AddDays(2), Previous = both })));
    }

    [Fact]
    public void An_export_of_some_campaigns_revokes_none_that_still_stand()
    {
        var both = Result(Campaign(), Campaign("c-0000000002"));
        var after = Export(both, Request() with { Now = Now.AddDays(1), Previous = Export(both), Campaigns = ["c-0000000002"] });
        Assert.DoesNotContain(Objects(after), item => item["revoked"] is not null);
        Assert.Equal(2, Objects(after, "campaign").Count());
    }

    [Theory]
    [InlineData("internal", "public", "TLP:AMBER+STRICT")]
    [InlineData("partner", "public", "TLP:AMBER")]
    [InlineData("internal", "partner", "TLP:AMBER+STRICT")]
    [InlineData("public", "internal", "TLP:CLEAR")]
    [InlineData("public", "partner", "TLP:CLEAR")]
    public void An_export_does_not_go_on_from_one_of_another_profile(string last, string profile, string marking)
    {
        var previous = Export(Result(), Request(ShareProfile.Find(last)));
        var fault = Assert.Throws<InvalidDataException>(() => Export(Result(), Request(ShareProfile.Find(profile)) with { Previous = previous }));
        Assert.Contains($"marked {marking},", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_does_not_go_on_from_another_producers()
    {
        var previous = Export(Result());
        var fault = Assert.Throws<InvalidDataException>(() => Export(Result(), Request() with { Producer = "Other Lab", Previous = previous }));
        Assert.Contains("objects of Example Lab, and this one is of Other Lab", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_one_provider_was_told_of_its_accounts_is_not_told_to_another()
    {
        var previous = Export(Result(), Request(ShareProfile.ForProvider("eu")));
        Assert.Contains("tells eu of its accounts", Assert.Throws<InvalidDataException>(() => Export(Result(), Request(ShareProfile.ForProvider("us")) with { Previous = previous })).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Objects(Export(Result(), Request(ShareProfile.ForProvider("eu")) with { Previous = previous, Now = Now.AddDays(1) }), "user-account"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_profile_does_not_let_out_today_is_not_carried_over_and_nothing_refers_to_it(bool byHand)
    {
        var both = Result(Campaign(), Campaign("c-0000000002"));
        var previous = Export(both, Request(ShareProfile.Partner with { MailDomains = true }));
        Assert.Contains("mail.example", previous.ToJsonString(), StringComparison.Ordinal);
        var after = Export(both, Request() with { Now = Now.AddDays(1), Previous = previous, Campaigns = [Campaign().Id], Reversed = byHand ? ["c-0000000002"] : [] });
        Assert.DoesNotContain("mail.example", after.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, Objects(after, "campaign").Count());
        Assert.Equal(byHand ? 1 : 0, Objects(after, "campaign").Count(item => item["revoked"] is not null));
        var ids = Objects(after).Select(item => (string)item["id"]!).ToHashSet();
        Assert.All(Objects(after).SelectMany(References), id => Assert.Contains(id, ids));
        Assert.Empty(StixSchemas.Faults(after));
        Assert.Equal(Bare(after), Bare(Export(both, Request() with { Now = Now.AddDays(2), Previous = after, Campaigns = [Campaign().Id], Reversed = byHand ? ["c-0000000002"] : [] })));
    }

    /// <summary>A file that a version of before made may hold two profiles' objects under the marking of one.</summary>
    [Fact]
    public void Objects_of_a_kind_that_the_profile_does_not_have_stay_behind_whatever_they_are_marked()
    {
        var previous = Export(Result(), Request(ShareProfile.Internal));
        var clear = Tlp.IdOf("clear");
        foreach (var item in Objects(previous).Where(item => item["object_marking_refs"] is not null)) item["object_marking_refs"] = new JsonArray(clear);
        var text = Export(Result(), Request(ShareProfile.Public) with { Previous = previous }).ToJsonString();
        Assert.All((string[])["acct-", "203.0.113.7", "mail.example", "stillhunt-sketch", "keyed:1", "user-account"], plant => Assert.DoesNotContain(plant, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_campaign_that_the_result_lacks_is_a_clear_error() =>
        Assert.Contains("c-none", Assert.Throws<InvalidOperationException>(() => Export(Result(), Request() with { Campaigns = ["c-none"] })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sketch_ends_with_the_epoch_of_its_key()
    {
        var request = Request() with { Key = Epoch with { Until = Now.AddDays(1) } };
        var sketch = Objects(Export(Result(), request), "indicator").Single(item => (string?)item["pattern_type"] == "stillhunt-sketch");
        Assert.Equal(StixTime.Write(Now.AddDays(1)), (string?)sketch["valid_until"]);
    }

    [Fact]
    public void Ids_follow_version_five_of_RFC_9562_over_the_published_namespace() =>
        // The value that the OASIS stix2 library gives for {"value":"198.51.100.3"}.
        Assert.Equal("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", StixId.OfObservable("ipv4-addr", new JsonObject { ["value"] = "198.51.100.3" }));

    [Fact]
    public void A_result_without_campaigns_is_a_valid_export() =>
        Assert.Empty(StixSchemas.Faults(Export(Result() with { Campaigns = [] })));

    private static string[] Bare(JsonObject bundle) => [.. Objects(bundle).Select(item => item.ToJsonString()).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> References(JsonObject item) => item.Where(pair => pair.Key.EndsWith("_ref", StringComparison.Ordinal)).Select(pair => (string)pair.Value!)
        .Concat(item.Where(pair => pair.Key.EndsWith("_refs", StringComparison.Ordinal)).SelectMany(pair => ((JsonArray)pair.Value!).Select(id => (string)id!)));

    private static void AssertNotBefore(JsonObject item, string first, string last)
    {
        if (item[first] is { } from && item[last] is { } to) Assert.True(string.CompareOrdinal((string)to!, (string)from!) >= 0);
    }
}
