using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>An operator's requests under the system prompt and the tools of an honest app, word for word.</summary>
internal sealed class UnderBorrowedName(ExtractionComposer inner, SharedApp app) : Composer
{
    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        inner.Compose(simulation, draft, worker, item);
        Borrow(draft);
    }

    public override bool FollowUp(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        if (!inner.FollowUp(simulation, draft, worker, item)) return false;
        Borrow(draft);
        return true;
    }

    private void Borrow(Draft draft)
    {
        draft.SetSystem(app.System);
        draft.Tools = app.Tools;
    }
}
